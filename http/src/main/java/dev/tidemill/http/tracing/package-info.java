/// Traces of requests by OpenTelemetry: spans that know where they belong, W3C's `traceparent` in
/// and out, and their export over OTLP. Nothing outside of this package knows OpenTelemetry's
/// types, and nothing in it loads them before someone has asked for traces.
@NullMarked
package dev.tidemill.http.tracing;

import org.jspecify.annotations.NullMarked;
