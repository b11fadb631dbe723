package dev.tidemill.gateway.grpc;

import dev.tidemill.routing.FailureKind;
import io.grpc.Status;

/// What became of one attempt at one replica.
sealed interface Result<R> {
    /// It answered; an error is an answer too.
    record Answered<R>(R value, Status.Code code) implements Result<R> {}

    /// It did not.
    record Failed<R>(FailureKind kind) implements Result<R> {}
}
