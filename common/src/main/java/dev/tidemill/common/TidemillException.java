package dev.tidemill.common;

import static java.util.Objects.requireNonNull;

/// The one exception of the product. Its message follows `what: 'value' (expected: ...)` where a
/// value was refused; the edge of each protocol maps its [ErrorCode] once.
public final class TidemillException extends RuntimeException {
    private final ErrorCode code;

    public TidemillException(ErrorCode code, String message) {
        super(message);
        this.code = requireNonNull(code, "code");
    }

    public TidemillException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = requireNonNull(code, "code");
    }

    public ErrorCode code() {
        return code;
    }
}
