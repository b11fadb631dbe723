/// The edge that every process shares: listeners, routes, errors, request ids, access log, health,
/// metrics, JSON bodies and draining. Helidon's types are allowed here and in the processes,
/// nowhere else.
@NullMarked
package dev.tidemill.http;

import org.jspecify.annotations.NullMarked;
