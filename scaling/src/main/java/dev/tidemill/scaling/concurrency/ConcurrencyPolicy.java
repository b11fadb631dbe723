package dev.tidemill.scaling.concurrency;

import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.util.List;
import java.util.OptionalDouble;

/// [ConcurrencyScaling] as a policy. Without a signal it holds.
public record ConcurrencyPolicy(String name, ScalingRule rule) implements Policy {
    @Override
    public Session start() {
        return new Fold(this);
    }

    private static final class Fold implements Session {
        private final ConcurrencyPolicy policy;
        private ScalingHistory history = ScalingHistory.EMPTY;

        Fold(ConcurrencyPolicy policy) {
            this.policy = policy;
        }

        @Override
        public Verdict decide(Signals seen) {
            double concurrency = seen.get(Signal.IN_FLIGHT);
            Decision decision =
                    ConcurrencyScaling.decide(
                            policy.rule,
                            history,
                            new Observation(
                                    seen.atMillis() * 1_000_000,
                                    seen.ordered(),
                                    Double.isNaN(concurrency)
                                            ? OptionalDouble.empty()
                                            : OptionalDouble.of(concurrency)));
            history = decision.next();
            return new Verdict(
                    seen,
                    policy.name,
                    "concurrency",
                    decision.wanted(),
                    limits(concurrency, decision.wanted(), decision.replicas()),
                    decision.replicas(),
                    decision::reason);
        }

        private List<Limit> limits(double concurrency, int wanted, int replicas) {
            if (Double.isNaN(concurrency)) {
                return List.of(Limit.SILENT);
            }
            if (replicas == wanted) {
                return List.of();
            }
            if (replicas == policy.rule.max() && wanted > replicas) {
                return List.of(Limit.MAX);
            }
            return List.of(
                    replicas == policy.rule.min() && wanted < replicas ? Limit.MIN : Limit.WINDOW);
        }
    }
}
