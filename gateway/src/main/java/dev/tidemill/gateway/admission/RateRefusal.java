package dev.tidemill.gateway.admission;

import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.QuotaDecision;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import java.time.Duration;

/// What a client is told that asks more often, or for more at a time, than it may.
final class RateRefusal {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private RateRefusal() {}

    static TidemillException of(
            LimitRule rule, QuotaDecision.Exceeded exceeded, ServerResponseHeaders said) {
        long wait = Math.max(1, exceeded.waitNanos());
        long seconds = Math.max(1, (wait + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND);
        said.set(HeaderNames.RETRY_AFTER, Long.toString(seconds));
        String when =
                exceeded.waitNanos() == 0
                        ? "once one of them has ended"
                        : "after " + DurationText.format(Duration.ofNanos(wait));
        return new TidemillException(
                ErrorCode.RATE_LIMITED,
                "limit %s: '%d %s' (expected: a request %s)"
                        .formatted(
                                rule.name(),
                                most(rule.quota(), exceeded.what()),
                                exceeded.what().wording(),
                                when));
    }

    private static long most(Quota quota, QuotaDecision.What what) {
        return switch (what) {
            case REQUESTS -> quota.requests().orElseThrow().perMinute();
            case TOKENS -> quota.tokens().orElseThrow().perMinute();
            case CONCURRENT -> quota.concurrent().orElseThrow();
            case MONEY -> quota.budget().orElseThrow().perDay();
        };
    }
}
