package dev.tidemill.gateway.upstream;

/// How the end of a body is known.
sealed interface BodyFraming {
    /// There is no body.
    record None() implements BodyFraming {}

    record Length(long bytes) implements BodyFraming {}

    record Chunked() implements BodyFraming {}

    /// By the end of the connection. A cut cannot be told from an end.
    record UntilClose() implements BodyFraming {}
}
