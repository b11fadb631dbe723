package dev.tidemill.scaling.knative;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.PastPeak;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.TimeAverage;
import dev.tidemill.scaling.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Knative Serving's autoscaler: `ceil(observed / target)`, over the stable window or, in panic,
/// over the panic window and never less than before. With `min` 0 it goes to zero after the stable
/// window saw nothing and the grace period passed. A missing metric changes nothing, as there.
///
/// @param settings what Knative's config map and annotations say
public record KpaPolicy(String name, Bounds bounds, Settings settings) implements Policy {
    /// What is observed.
    public enum Observed {
        CONCURRENCY(Signal.IN_FLIGHT),
        REQUESTS_PER_SECOND(Signal.ARRIVALS);

        private final Signal signal;

        Observed(Signal signal) {
            this.signal = signal;
        }
    }

    /// @param target of one replica, the utilisation already taken off: 70 of 100 by default
    /// @param panicThreshold times the ready replicas from which the panic window counts
    /// @param maxUpRate at most this times the ready replicas at once
    /// @param maxDownRate at most down to the ready replicas through this at once
    /// @param downDelay the highest of this long counts
    public record Settings(
            Observed observed,
            double target,
            Duration stableWindow,
            Duration panicWindow,
            double panicThreshold,
            double maxUpRate,
            double maxDownRate,
            Duration downDelay,
            Duration zeroGrace) {
        /// Knative's defaults for a replica that holds so many requests.
        public static Settings concurrency(double containerConcurrency) {
            return of(Observed.CONCURRENCY, containerConcurrency * 0.7);
        }

        public static Settings requestsPerSecond(double target) {
            return of(Observed.REQUESTS_PER_SECOND, target * 0.7);
        }

        private static Settings of(Observed observed, double target) {
            return new Settings(
                    observed,
                    target,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(6),
                    2,
                    1000,
                    2,
                    Duration.ZERO,
                    Duration.ofSeconds(30));
        }

        public Settings withDownDelay(Duration delay) {
            return new Settings(
                    observed,
                    target,
                    stableWindow,
                    panicWindow,
                    panicThreshold,
                    maxUpRate,
                    maxDownRate,
                    delay,
                    zeroGrace);
        }

        public Settings {
            if (!(target > 0) || Double.isInfinite(target)) {
                throw new IllegalArgumentException(
                        "target: '%s' (expected: a number above 0)".formatted(target));
            }
            if (!(maxUpRate > 1) || !(maxDownRate > 1) || !(panicThreshold > 1)) {
                throw new IllegalArgumentException(
                        "rates: 'up %s, down %s, panic %s' (expected: each above 1)"
                                .formatted(maxUpRate, maxDownRate, panicThreshold));
            }
        }
    }

    @Override
    public Session start() {
        return new Ticks(this);
    }

    private static final class Ticks implements Session {
        private static final long NEVER = Long.MIN_VALUE;

        private final KpaPolicy policy;
        private final String rule;
        private final Settings settings;
        private final long stableMillis;
        private final TimeAverage observed;
        private final PastPeak delayed = new PastPeak();
        private long panicSince = NEVER;
        private int panicPeak;
        private long idleSince = NEVER;

        Ticks(KpaPolicy policy) {
            this.policy = policy;
            this.settings = policy.settings;
            this.rule = settings.observed.signal.label() + " a replica";
            this.stableMillis = settings.stableWindow.toMillis();
            this.observed = new TimeAverage(stableMillis);
        }

        @Override
        public Verdict decide(Signals seen) {
            long now = seen.atMillis();
            observed.add(now, seen.get(settings.observed.signal));
            double stable = observed.mean(stableMillis);
            double panic = observed.mean(settings.panicWindow.toMillis());
            if (Double.isNaN(stable)) {
                int held = policy.bounds.clamp(seen.ordered());
                return verdict(
                        seen,
                        held,
                        List.of(Limit.SILENT),
                        held,
                        () -> "no data in the stable window: holding at " + held);
            }
            panic = Double.isNaN(panic) ? stable : panic;
            double ready = Math.max(1, seen.ready());
            double most = Math.ceil(settings.maxUpRate * ready);
            double least = Math.floor(ready / settings.maxDownRate);
            double panicWish = Math.ceil(panic / settings.target);
            int byStable = within(Math.ceil(stable / settings.target), least, most);
            int byPanic = within(panicWish, least, most);
            boolean panicking = panicking(now, panicWish / ready);
            int wanted = byStable;
            if (panicking) {
                panicPeak = Math.max(panicPeak, Math.max(byStable, byPanic));
                wanted = panicPeak;
            }
            return limited(seen, wanted, panicking, panicking ? panic : stable);
        }

        /// Panic ends after one stable window below the threshold.
        private boolean panicking(long now, double excess) {
            if (excess >= settings.panicThreshold) {
                panicSince = now;
            } else if (panicSince != NEVER && panicSince + stableMillis < now) {
                panicSince = NEVER;
                panicPeak = 0;
            }
            return panicSince != NEVER;
        }

        private Verdict limited(Signals seen, int wanted, boolean panicking, double observation) {
            long now = seen.atMillis();
            List<Limit> limits = new ArrayList<>(2);
            if (panicking) {
                limits.add(Limit.BURST);
            }
            int replicas = delayed.add(now, wanted, settings.downDelay.toMillis());
            if (replicas != wanted) {
                limits.add(Limit.HOLD);
            }
            if (replicas < policy.bounds.min()) {
                limits.add(Limit.MIN);
            } else if (replicas > policy.bounds.max()) {
                limits.add(Limit.MAX);
            }
            replicas = policy.bounds.clamp(replicas);
            if (replicas > 0) {
                idleSince = NEVER;
            } else if (seen.ordered() > 0) {
                idleSince = idleSince == NEVER ? now : idleSince;
                if (now - idleSince < settings.zeroGrace.toMillis()) {
                    replicas = 1;
                    limits.add(Limit.ACTIVATION);
                }
            }
            int result = replicas;
            return verdict(
                    seen,
                    wanted,
                    limits,
                    result,
                    () -> words(wanted, panicking, observation, limits, result));
        }

        private String words(
                int wanted, boolean panicking, double seen, List<Limit> limits, int result) {
            String need =
                    String.format(
                            Locale.ROOT,
                            "%s of %.1f over the %s window wants %d at %.1f a replica",
                            settings.observed.signal.label(),
                            seen,
                            panicking ? "panic" : "stable",
                            wanted,
                            settings.target);
            return result == wanted
                    ? need
                    : "%s, but %s makes it %d".formatted(need, limits.getLast().label(), result);
        }

        private static int within(double wish, double least, double most) {
            return (int) Math.min(Math.max(wish, least), most);
        }

        private Verdict verdict(
                Signals seen,
                int wanted,
                List<Limit> limits,
                int replicas,
                Verdict.Account account) {
            return new Verdict(seen, policy.name, rule, wanted, limits, replicas, account);
        }
    }
}
