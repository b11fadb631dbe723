package dev.tidemill.gateway.upstream;

import io.helidon.http.Headers;

/// A replica's answer.
public sealed interface Answer {
    int status();

    Headers headers();

    /// All of it is here; the replica may die now.
    @SuppressWarnings("ArrayRecordComponent") // Read once, compared by nobody.
    record Whole(int status, Headers headers, byte[] body) implements Answer {}

    /// Its beginning is here; the rest comes from the stream, which must be closed.
    record Streamed(int status, Headers headers, AnswerStream body) implements Answer {}
}
