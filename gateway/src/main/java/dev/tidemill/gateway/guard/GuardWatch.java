package dev.tidemill.gateway.guard;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.audit.Decision;
import dev.tidemill.gateway.audit.Noted;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.guardrails.Look;
import dev.tidemill.http.Metrics;
import java.util.Locale;

/// Tells what guardrails found: to metrics, to the audit log, and by refusing. Thread-safe.
public final class GuardWatch {
    private final Metrics metrics;

    public GuardWatch(Metrics metrics) {
        this.metrics = metrics;
    }

    /// @param part `request` or `answer`
    Look.Listener listener(String part) {
        return (look, what) -> {
            String guard = look.owner();
            count(guard, what, look.action().name().toLowerCase(Locale.ROOT));
            Noted.found(
                    guard + ": " + what,
                    switch (look.action()) {
                        case FLAG -> Decision.FLAGGED;
                        case REDACT -> Decision.REDACTED;
                        case REFUSE -> Decision.REFUSED;
                    });
            if (look.action() == Look.Action.REFUSE) {
                throw new TidemillException(
                        ErrorCode.CONTENT_FILTERED,
                        "guardrail %s: '%s' (expected: a text of the %s without it)"
                                .formatted(guard, what, part));
            }
        };
    }

    TidemillException tooMuch(String guard, String what, long asked, long most) {
        count(guard, what, "refuse");
        Noted.found(guard + ": " + what, Decision.REFUSED);
        return new TidemillException(
                ErrorCode.CONTENT_FILTERED,
                "guardrail %s: '%d %s' (expected: at most %d)".formatted(guard, asked, what, most));
    }

    void clamped(String guard, String what) {
        count(guard, what, "clamp");
        Noted.found(guard + ": " + what, Decision.REDACTED);
    }

    private void count(String guard, String what, String action) {
        metrics.counter(GatewayMetrics.GUARDRAILS, guard, what, action).increment();
    }
}
