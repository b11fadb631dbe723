package dev.tidemill.gateway.audit;

import dev.tidemill.common.ErrorCode;
import java.util.Locale;

/// What the gateway decided about a request. Where several hold, the later one is told.
public enum Decision {
    /// It went its way, whatever became of it.
    ALLOWED,

    /// The answer came out of a cache.
    CACHED,

    /// A guardrail found something and let it pass.
    FLAGGED,

    /// A guardrail took something out, or made the request smaller.
    REDACTED,

    /// It could not be understood, or asked for what is not there.
    INVALID,

    /// A limit, or a bound of the gateway's own, refused it.
    LIMITED,

    /// Its key or address may not.
    DENIED,

    /// A guardrail refused the request or its answer.
    REFUSED;

    /// What it means that the gateway answered itself.
    static Decision of(ErrorCode code) {
        return switch (code) {
            case RATE_LIMITED, OVERLOADED -> LIMITED;
            case UNAUTHENTICATED, FORBIDDEN -> DENIED;
            case CONTENT_FILTERED -> REFUSED;
            case CANCELLED -> ALLOWED;
            default ->
                    switch (code.kind()) {
                        case CALLER -> INVALID;
                        case CAPACITY, UPSTREAM, INTERNAL -> ALLOWED;
                    };
        };
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
