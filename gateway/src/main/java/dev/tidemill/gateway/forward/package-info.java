/// A request's way through the gateway: route, pick, send, retry, wait, answer. The decisions are
/// made by module `routing`; here is what they are made from and what follows from them.
@NullMarked
package dev.tidemill.gateway.forward;

import org.jspecify.annotations.NullMarked;
