package dev.tidemill.routing;

/// What [AnswerRule] decided.
public sealed interface AnswerVerdict {
    AnswerVerdict PASS = new Pass("not a failure of the server", false);

    /// One clause for logs, to follow the server's name.
    String reason();

    /// Give the answer to the client.
    ///
    /// @param last whether the client must be told that repeating it would not help: we did already
    record Pass(String reason, boolean last) implements AnswerVerdict {}

    /// Send the request again.
    ///
    /// @param waitNanos before that
    record Again(long waitNanos, String reason) implements AnswerVerdict {}
}
