/// OpenAI's protocol, as far as a gateway must understand it: which model a request is for, what a
/// stream of events says of tokens, what its clients expect of errors. Bodies are never taken apart
/// into a tree; what is not understood is passed on as it came.
@NullMarked
package dev.tidemill.gateway.openai;

import org.jspecify.annotations.NullMarked;
