package dev.tidemill.gateway.upstream;

import dev.tidemill.routing.FailureKind;
import java.io.IOException;

/// An attempt that failed, and how far it had come.
public final class AttemptFailed extends IOException {
    private final FailureKind kind;

    AttemptFailed(FailureKind kind, Throwable cause) {
        super(cause.getMessage() == null ? "end of stream" : cause.getMessage(), cause);
        this.kind = kind;
    }

    public FailureKind kind() {
        return kind;
    }
}
