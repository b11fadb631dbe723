package dev.tidemill.common;

/// Every way in which Tidemill refuses or fails, with the status that each protocol gives it and
/// when it happens.
///
/// gRPC numbers are those of `google.rpc.Code`.
public enum ErrorCode {
    INVALID_REQUEST(
            ErrorKind.CALLER,
            400,
            3,
            "A request body, parameter or header is not what the protocol wants."),
    INVALID_SPEC(
            ErrorKind.CALLER,
            400,
            3,
            "A resource file has problems; all of them are in the message."),
    UNAUTHENTICATED(ErrorKind.CALLER, 401, 16, "No key, or one that is not known or has expired."),
    FORBIDDEN(
            ErrorKind.CALLER, 403, 7, "The key, or the client's address, may not do what it asks."),
    MODEL_NOT_FOUND(ErrorKind.CALLER, 404, 5, "No model, version or alias of that name."),
    NOT_FOUND(ErrorKind.CALLER, 404, 5, "No such path, training run or process."),
    METHOD_NOT_ALLOWED(ErrorKind.CALLER, 405, 12, "The path exists, the method does not."),
    CONFLICT(ErrorKind.CALLER, 409, 6, "The thing exists already, or changed under the caller."),
    CONTENT_FILTERED(
            ErrorKind.CALLER,
            400,
            3,
            "A guardrail of the gateway refuses the request or its answer."),
    TOO_LARGE(ErrorKind.CALLER, 413, 11, "A body is larger than the limit."),
    UNSUPPORTED_ENCODING(
            ErrorKind.CALLER,
            415,
            3,
            "A body is packed in a way that we cannot unpack; gzip and deflate we can."),
    GATE_FAILED(ErrorKind.CALLER, 422, 9, "A training finished below one of its metric gates."),
    RATE_LIMITED(
            ErrorKind.CALLER,
            429,
            8,
            "A limit of requests, tokens or concurrent requests is used up; Retry-After says for how"
                    + " long."),
    CANCELLED(
            ErrorKind.CALLER,
            499,
            1,
            "The client left before its request was worked on, which was then dropped."),
    OVERLOADED(ErrorKind.CAPACITY, 429, 8, "A bounded queue, in requests or bytes, is full."),
    UNAVAILABLE(
            ErrorKind.CAPACITY,
            503,
            14,
            "Nothing ready can take the request now: starting, draining or scaled down."),
    NO_SPACE(ErrorKind.CAPACITY, 507, 8, "Not enough disk for what was asked."),
    UPSTREAM_FAILED(ErrorKind.UPSTREAM, 502, 14, "A replica or another server failed to answer."),
    DEADLINE_EXCEEDED(ErrorKind.UPSTREAM, 504, 4, "The answer did not come within the deadline."),
    MODEL_FAILED(ErrorKind.INTERNAL, 500, 13, "A model file cannot be loaded or run."),
    CORRUPT_ARTIFACT(
            ErrorKind.INTERNAL,
            500,
            15,
            "Stored bytes do not have the digest they were stored under."),
    INTERNAL(
            ErrorKind.INTERNAL,
            500,
            13,
            "A defect: the log has the stack trace under the request id.");

    private final ErrorKind kind;
    private final int httpStatus;
    private final int grpcStatus;
    private final String description;

    ErrorCode(ErrorKind kind, int httpStatus, int grpcStatus, String description) {
        this.kind = kind;
        this.httpStatus = httpStatus;
        this.grpcStatus = grpcStatus;
        this.description = description;
    }

    public ErrorKind kind() {
        return kind;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public int grpcStatus() {
        return grpcStatus;
    }

    /// When it happens, in one sentence, as `docs/errors.md` shows it.
    public String description() {
        return description;
    }
}
