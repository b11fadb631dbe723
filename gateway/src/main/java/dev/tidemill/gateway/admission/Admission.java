package dev.tidemill.gateway.admission;

import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Moment;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.QuotaDecision;
import dev.tidemill.limits.SharedMeters;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Lets a request in when it is within every limit that is about it, and tells its client how much
/// is left of the tightest one.
public final class Admission {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// What a request may take longer than it may: then its place is free.
    private static final long LEASE_SLACK_MILLIS = 10_000;

    private final Meters meters;
    private final @Nullable SharedLimits shared;
    private final Metrics metrics;
    private final Map<String, io.micrometer.core.instrument.Counter> refusals =
            new ConcurrentHashMap<>();

    /// @param shared null: this process's own meters are all there is
    public Admission(Meters meters, @Nullable SharedLimits shared, Metrics metrics) {
        this.meters = meters;
        this.shared = shared;
        this.metrics = metrics;
    }

    /// @param estimate of what the request takes, its answer included
    /// @param maxMillis that the request may take
    /// @param said gets the `x-ratelimit-*` headers, or `Retry-After`
    /// @throws TidemillException `RATE_LIMITED`, `BUDGET_EXCEEDED`, or `UNAVAILABLE` when it is not
    ///   known what is used and the file says that nobody may then
    public Reservation reserve(
            LimitRules rules,
            Asked asked,
            Amount estimate,
            long maxMillis,
            ServerResponseHeaders said) {
        SharedLimits store = shared;
        if (store == null || rules.all().isEmpty()) {
            return here(rules, asked, estimate, said);
        }
        List<LimitRule> about = new ArrayList<>(rules.all().size());
        List<SharedMeters.Claim> claims = new ArrayList<>(rules.all().size());
        for (LimitRule rule : rules.all()) {
            if (rule.isAbout(asked)) {
                about.add(rule);
                claims.add(new SharedMeters.Claim(rule.meter(asked).text(), rule.quota()));
            }
        }
        SharedMeters.Request request =
                store.request(claims, estimate, maxMillis + LEASE_SLACK_MILLIS);
        List<QuotaDecision> decisions = claims.isEmpty() ? null : store.reserve(request);
        if (decisions != null) {
            return everywhere(store, rules, about, request, decisions, said);
        }
        if (!claims.isEmpty() && !store.failsOpen()) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "limits: 'unknown' (expected: their store, which does not answer now)");
        }
        return here(rules, asked, estimate, said);
    }

    private Reservation everywhere(
            SharedLimits store,
            LimitRules rules,
            List<LimitRule> about,
            SharedMeters.Request request,
            List<QuotaDecision> decisions,
            ServerResponseHeaders said) {
        LimitHeaders headers = new LimitHeaders();
        for (int i = 0; i < decisions.size(); i++) {
            headers.add(about.get(i).quota(), decisions.get(i).use());
        }
        headers.write(said);
        if (decisions.getLast() instanceof QuotaDecision.Exceeded exceeded) {
            LimitRule rule = about.get(decisions.size() - 1);
            throw refuse(rules, rule, request.estimate(), exceeded, said);
        }
        return new SharedReservation(store, request, decisions);
    }

    private Reservation here(
            LimitRules rules, Asked asked, Amount estimate, ServerResponseHeaders said) {
        List<LimitRule> all = rules.all();
        LocalReservation reservation = new LocalReservation(meters, estimate, all.size());
        if (all.isEmpty()) {
            return reservation;
        }
        Moment now = meters.now();
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
                case QuotaDecision.Granted granted ->
                        reservation.add(meter, rule, granted.use().money().day());
                case QuotaDecision.Exceeded exceeded -> {
                    reservation.undo(now);
                    headers.write(said);
                    throw refuse(rules, rule, estimate, exceeded, said);
                }
            }
        }
        headers.write(said);
        return reservation;
    }

    private TidemillException refuse(
            LimitRules rules,
            LimitRule rule,
            Amount estimate,
            QuotaDecision.Exceeded exceeded,
            ServerResponseHeaders said) {
        String what = exceeded.what().name().toLowerCase(Locale.ROOT);
        refusals.computeIfAbsent(
                        rule.name() + " " + what,
                        _ -> metrics.counter(GatewayMetrics.LIMITED, rule.name(), what))
                .increment();
        if (exceeded.what() == QuotaDecision.What.MONEY) {
            return BudgetRefusal.of(rules.currency(), rule, estimate, exceeded, said);
        }
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
