package dev.tidemill.gateway.forward;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.Replica;

/// What became of a request.
sealed interface Outcome {
    int status();

    /// A replica answered, well or badly.
    ///
    /// @param last whether the client should not ask again: we did already
    record Answered(Replica replica, Answer answer, boolean last) implements Outcome {
        Answered(Replica replica, Answer answer) {
            this(replica, answer, false);
        }

        @Override
        public int status() {
            return answer.status();
        }
    }

    /// The gateway answers itself.
    record Refused(ErrorCode code, String message) implements Outcome {
        @Override
        public int status() {
            return code.httpStatus();
        }
    }
}
