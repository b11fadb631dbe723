package dev.tidemill.gateway.forward;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.Replica;

/// What became of a request.
sealed interface Outcome {
    /// A replica answered, well or badly.
    record Answered(Replica replica, Answer answer) implements Outcome {}

    /// The gateway answers itself.
    record Refused(ErrorCode code, String message) implements Outcome {}
}
