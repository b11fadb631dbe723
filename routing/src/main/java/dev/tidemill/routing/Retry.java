package dev.tidemill.routing;

import dev.tidemill.common.ErrorCode;

/// What [RetryPolicy] decided.
public sealed interface Retry {
    /// One sentence for logs and people.
    String reason();

    /// Try again; [#where()] says with whom.
    record Again(Where where, String reason) implements Retry {}

    /// Answer the client with this error.
    record GiveUp(ErrorCode code, String reason) implements Retry {}

    /// Who gets the next attempt.
    enum Where {
        /// Anyone but the replicas that failed.
        ANOTHER_REPLICA,
        /// The same one over a new connection: it has not failed, only its old connection has.
        SAME_REPLICA
    }
}
