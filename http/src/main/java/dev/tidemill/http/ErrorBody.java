package dev.tidemill.http;

import dev.tidemill.common.ErrorCode;

/// How a process writes an error as a JSON body.
@FunctionalInterface
public interface ErrorBody {
    /// `{"error":"message"}`, the Open Inference Protocol's form.
    ErrorBody PLAIN = (_, message) -> Json.bytes(new Plain(message));

    /// `{"error":"message","code":"MODEL_NOT_FOUND"}`.
    ErrorBody WITH_CODE = (code, message) -> Json.bytes(new WithCode(message, code.name()));

    byte[] of(ErrorCode code, String message);

    /// The form that clients of that path know.
    ///
    /// @param path as it came, possibly not a path at all
    default ErrorBody at(String path) {
        return this;
    }

    /// The body of [#PLAIN].
    record Plain(String error) {}

    /// The body of [#WITH_CODE].
    record WithCode(String error, String code) {}
}
