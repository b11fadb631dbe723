package dev.tidemill.gateway.canary;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.routing.canary.CanaryDecision;
import dev.tidemill.routing.canary.CanaryJudge;
import dev.tidemill.routing.canary.CanaryRule;
import dev.tidemill.routing.canary.CanaryState;
import dev.tidemill.routing.canary.Evidence;
import io.micrometer.core.instrument.Counter;

/// One route's rollout. Requests read its [#step]; one thread at a time looks whether another one
/// begins. Thread-safe.
public final class LiveCanary {
    private static final System.Logger LOGGER = System.getLogger(LiveCanary.class.getName());

    private final String route;
    private final CanaryRule rule;
    private final CanaryJudge judge;
    private final Metrics metrics;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private CanaryState state;

    @GuardedBy("lock")
    private String reason;

    @GuardedBy("lock")
    private boolean late;

    /// A person has decided.
    @GuardedBy("lock")
    private boolean ordered;

    /// A person has decided at some time, here or at another gateway.
    @GuardedBy("lock")
    private boolean everOrdered;

    private volatile Step step;

    /// @param state how far it has come
    /// @param reason why it is there
    LiveCanary(String route, CanaryRule rule, Metrics metrics, CanaryState state, String reason) {
        this.route = route;
        this.rule = rule;
        this.judge = new CanaryJudge(rule);
        this.metrics = metrics;
        this.state = state;
        this.reason = reason;
        this.step = step(state);
    }

    /// What a request goes by, from its beginning to its end.
    ///
    /// @param share of the requests that the new version gets
    /// @param trial whether it gets copies of them instead
    public record Step(double share, boolean trial, SideCounts stable, SideCounts canary) {
        public SideCounts of(boolean isCanary) {
            return isCanary ? canary : stable;
        }
    }

    public Step step() {
        return step;
    }

    String route() {
        return route;
    }

    Standing standing() {
        synchronized (lock) {
            return new Standing(state, ordered, reason);
        }
    }

    /// Decides anew.
    void look(long nowNanos) {
        synchronized (lock) {
            CanaryDecision decision =
                    judge.decide(
                            state, step.stable().evidence(), step.canary().evidence(), nowNanos);
            state = decision.state();
            if (!(decision instanceof CanaryDecision.Hold)) {
                ordered = false;
            }
            if (state.phase() == CanaryState.Phase.STEPPING
                    || !(decision instanceof CanaryDecision.Hold)) {
                reason = decision.reason();
            }
            switch (decision) {
                case CanaryDecision.Hold hold -> {
                    if (hold.late() && !late) {
                        late = true;
                        say(System.Logger.Level.WARNING, "late");
                    }
                }
                case CanaryDecision.Step _ -> begin("step", System.Logger.Level.INFO);
                case CanaryDecision.Promote _ -> begin("promote", System.Logger.Level.INFO);
                case CanaryDecision.Rollback _ -> begin("rollback", System.Logger.Level.WARNING);
            }
        }
    }

    /// Goes on from where it was, which is known only now. What a person has decided meanwhile
    /// holds.
    void resume(CanaryState before, String why) {
        synchronized (lock) {
            if (!ordered) {
                state = before;
                reason = why;
                step = step(before);
            }
        }
    }

    /// Hears what another gateway of the same name has written down.
    void hear(Standing others, long nowNanos) {
        synchronized (lock) {
            Standing own = new Standing(state, ordered, reason);
            if (own.yieldsTo(others)) {
                state = others.state();
                ordered = others.byHand();
                everOrdered |= others.byHand();
                reason = "as another gateway decided: " + others.reason();
                late = false;
                step = step(state);
                LOGGER.log(
                        System.Logger.Level.INFO,
                        "canary of route '%s': %s".formatted(route, reason));
            } else if (own.mustInsist(others)) {
                // Written down once more, it is the last word, and the other one hears it.
                state = state.ended(CanaryState.Phase.ROLLED_BACK, nowNanos);
            }
        }
    }

    /// A person decides.
    void order(Order order, long nowNanos) {
        synchronized (lock) {
            ordered = true;
            everOrdered = true;
            state =
                    switch (order) {
                        case PROMOTE -> state.ended(CanaryState.Phase.PROMOTED, nowNanos);
                        case ROLLBACK -> state.ended(CanaryState.Phase.ROLLED_BACK, nowNanos);
                        case RESTART -> CanaryState.begin(nowNanos);
                    };
            reason = "%s by hand".formatted(order.done());
            begin(order.word(), System.Logger.Level.WARNING);
        }
    }

    Report report(long nowNanos) {
        synchronized (lock) {
            Step current = step;
            Evidence stable = current.stable().evidence();
            Evidence canary = current.canary().evidence();
            return new Report(
                    route,
                    state.phase().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                    state.step() + 1,
                    rule.shares().size(),
                    current.share(),
                    Math.max(0, (nowNanos - state.sinceNanos()) / 1_000_000_000),
                    late,
                    everOrdered,
                    reason,
                    Side.of(stable),
                    Side.of(canary));
        }
    }

    @GuardedBy("lock")
    private void begin(String word, System.Logger.Level level) {
        late = false;
        step = step(state);
        say(level, word);
    }

    @GuardedBy("lock")
    private void say(System.Logger.Level level, String word) {
        metrics.counter(GatewayMetrics.CANARY_DECISIONS, route, word).increment();
        LOGGER.log(level, "canary of route '%s': %s".formatted(route, reason));
    }

    private Step step(CanaryState of) {
        return new Step(of.share(rule), of.isTrial(rule), side("stable"), side("canary"));
    }

    private SideCounts side(String side) {
        return new SideCounts(counter(side, "answered"), counter(side, "failed"));
    }

    private Counter counter(String side, String result) {
        return metrics.counter(GatewayMetrics.CANARY_REQUESTS, route, side, result);
    }

    /// What `GET /canaries` says of it.
    ///
    /// @param phase `stepping`, `promoted` or `rolled-back`
    /// @param share of the requests, from 0 to 1
    /// @param seconds since the step began
    /// @param byHand whether a person has interfered with it
    record Report(
            String route,
            String phase,
            int step,
            int steps,
            double share,
            long seconds,
            boolean late,
            boolean byHand,
            String reason,
            Side stable,
            Side canary) {}

    /// Within the current step.
    record Side(long requests, long failures, double p95Millis, double p99Millis) {
        static Side of(Evidence seen) {
            return new Side(
                    seen.requests(),
                    seen.failures(),
                    Math.rint(seen.latency().quantile(0.95) / 1e4) / 100,
                    Math.rint(seen.latency().quantile(0.99) / 1e4) / 100);
        }
    }

    /// What a person can order.
    enum Order {
        PROMOTE("promoted"),
        ROLLBACK("rolled back"),
        RESTART("begun anew");

        private final String done;

        Order(String done) {
            this.done = done;
        }

        String done() {
            return done;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
