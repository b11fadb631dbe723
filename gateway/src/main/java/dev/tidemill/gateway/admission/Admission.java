package dev.tidemill.gateway.admission;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Moment;
import dev.tidemill.limits.QuotaDecision;
import dev.tidemill.limits.SharedMeters;
import io.helidon.http.ServerResponseHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Lets a request in when it is within every limit that is about it, and tells its client how much
/// is left of the tightest one.
public final class Admission {
    /// What a request may take longer than it may: then its place is free.
    private static final long LEASE_SLACK_MILLIS = 10_000;

    private final Meters meters;
    private final @Nullable SharedLimits shared;
    private final Metrics metrics;
    private final WaitingLines lines;
    private final Map<String, io.micrometer.core.instrument.Counter> refusals =
            new ConcurrentHashMap<>();

    /// @param shared null: this process's own meters are all there is
    public Admission(Meters meters, @Nullable SharedLimits shared, Metrics metrics) {
        this(meters, shared, metrics, new WaitingLines(meters.nanos(), metrics));
    }

    Admission(Meters meters, @Nullable SharedLimits shared, Metrics metrics, WaitingLines lines) {
        this.meters = meters;
        this.shared = shared;
        this.metrics = metrics;
        this.lines = lines;
    }

    /// Waits a little where a limit has refused many others before, see [WaitingLines].
    ///
    /// @param estimate of what the request takes, its answer included
    /// @param maxMillis that the request may take
    /// @param body bytes that it holds
    /// @param said gets the `x-ratelimit-*` headers, or `Retry-After`
    /// @throws TidemillException `RATE_LIMITED`, `BUDGET_EXCEEDED`, or `UNAVAILABLE` when it is not
    ///   known what is used and the file says that nobody may then
    public Reservation reserve(
            LimitRules rules,
            Asked asked,
            Amount estimate,
            long maxMillis,
            int body,
            ServerResponseHeaders said)
            throws InterruptedException {
        Answer first = ask(rules, asked, estimate, maxMillis, said);
        Answer last =
                first instanceof Answer.No no
                        ? later(no, rules, asked, estimate, maxMillis, body, said)
                        : first;
        return switch (last) {
            case Answer.Yes(Reservation reservation) ->
                    rules.havePlaces()
                            ? new LinedReservation(reservation, lines, rules, asked)
                            : reservation;
            case Answer.No no -> throw refuse(rules, no.rule(), estimate, no.exceeded(), said);
        };
    }

    private Answer later(
            Answer.No refused,
            LimitRules rules,
            Asked asked,
            Amount estimate,
            long maxMillis,
            int body,
            ServerResponseHeaders said)
            throws InterruptedException {
        MeterKey limit = refused.rule().meter(asked);
        try (WaitingLines.Wait wait = lines.enter(limit, isForPlace(refused), body)) {
            if (wait == null) {
                return refused;
            }
            while (wait.await()) {
                Answer again = ask(rules, asked, estimate, maxMillis, said);
                switch (again) {
                    case Answer.Yes _ -> {
                        wait.served();
                        return again;
                    }
                    case Answer.No no -> {
                        if (!isForPlace(no) || !no.rule().meter(asked).equals(limit)) {
                            return no;
                        }
                    }
                }
            }
            return refused;
        }
    }

    private static boolean isForPlace(Answer.No no) {
        return no.exceeded().what() == QuotaDecision.What.CONCURRENT;
    }

    private Answer ask(
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
            return everywhere(store, about, request, decisions, said);
        }
        if (!claims.isEmpty() && !store.failsOpen()) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "limits: 'unknown' (expected: their store, which does not answer now)");
        }
        return here(rules, asked, estimate, said);
    }

    private static Answer everywhere(
            SharedLimits store,
            List<LimitRule> about,
            SharedMeters.Request request,
            List<QuotaDecision> decisions,
            ServerResponseHeaders said) {
        LimitHeaders headers = new LimitHeaders();
        for (int i = 0; i < decisions.size(); i++) {
            headers.add(about.get(i).quota(), decisions.get(i).use());
        }
        headers.write(said);
        return decisions.getLast() instanceof QuotaDecision.Exceeded exceeded
                ? new Answer.No(about.get(decisions.size() - 1), exceeded)
                : new Answer.Yes(new SharedReservation(store, request, decisions));
    }

    private Answer here(
            LimitRules rules, Asked asked, Amount estimate, ServerResponseHeaders said) {
        List<LimitRule> all = rules.all();
        LocalReservation reservation = new LocalReservation(meters, estimate, all.size());
        if (all.isEmpty()) {
            return new Answer.Yes(reservation);
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
                    return new Answer.No(rule, exceeded);
                }
            }
        }
        headers.write(said);
        return new Answer.Yes(reservation);
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
        return exceeded.what() == QuotaDecision.What.MONEY
                ? BudgetRefusal.of(rules.currency(), rule, estimate, exceeded, said)
                : RateRefusal.of(rule, exceeded, said);
    }

    /// Whether a request may come in.
    private sealed interface Answer {
        record Yes(Reservation reservation) implements Answer {}

        /// @param rule that is against it
        record No(LimitRule rule, QuotaDecision.Exceeded exceeded) implements Answer {}
    }
}
