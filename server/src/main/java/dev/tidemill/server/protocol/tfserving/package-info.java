/// TensorFlow Serving: its REST API, and what it means by a signature, a version, an example and a
/// result, for whichever transport asks. Source: the project's `api_rest.md` and its observable
/// behaviour.
@NullMarked
package dev.tidemill.server.protocol.tfserving;

import org.jspecify.annotations.NullMarked;
