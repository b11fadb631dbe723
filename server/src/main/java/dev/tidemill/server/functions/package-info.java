/// Pre- and post-processing in Java, served like models. Every function is a small class that knows
/// its tensors and its parameters and nothing else.
@NullMarked
package dev.tidemill.server.functions;

import org.jspecify.annotations.NullMarked;
