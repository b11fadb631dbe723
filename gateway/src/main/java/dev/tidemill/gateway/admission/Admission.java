package dev.tidemill.gateway.admission;

import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.QuotaDecision;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Lets a request in when it is within every limit that is about it, and tells its client how much
/// is left of the tightest one.
public final class Admission {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Meters meters;
    private final Metrics metrics;
    private final Map<String, io.micrometer.core.instrument.Counter> refusals =
            new ConcurrentHashMap<>();

    public Admission(Meters meters, Metrics metrics) {
        this.meters = meters;
        this.metrics = metrics;
    }

    /// @param estimate of the request's tokens, those of its answer included
    /// @param said gets the `x-ratelimit-*` headers, or `Retry-After`
    /// @throws TidemillException `RATE_LIMITED`
    public Reservation reserve(
            LimitRules rules, Asked asked, long estimate, ServerResponseHeaders said) {
        List<LimitRule> all = rules.all();
        Reservation reservation = new Reservation(meters, estimate, all.size());
        if (all.isEmpty()) {
            return reservation;
        }
        long now = meters.now();
        LimitHeaders headers = new LimitHeaders();
        for (int i = 0; i < all.size(); i++) {
            LimitRule rule = all.get(i);
            if (!rule.isAbout(asked)) {
                continue;
            }
            Meter meter = meters.of(rule, asked, now);
            QuotaDecision decision = meter.take(rule.quota(), estimate, now);
            headers.add(rule.quota(), decision.use());
            switch (decision) {
                case QuotaDecision.Granted _ -> reservation.add(meter, rule);
                case QuotaDecision.Exceeded exceeded -> {
                    reservation.undo(now);
                    headers.write(said);
                    throw refuse(rule, exceeded, said);
                }
            }
        }
        headers.write(said);
        return reservation;
    }

    private TidemillException refuse(
            LimitRule rule, QuotaDecision.Exceeded exceeded, ServerResponseHeaders said) {
        String what = exceeded.what().name().toLowerCase(Locale.ROOT);
        refusals.computeIfAbsent(
                        rule.name() + " " + what,
                        _ -> metrics.counter(GatewayMetrics.LIMITED, rule.name(), what))
                .increment();
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
        };
    }
}
