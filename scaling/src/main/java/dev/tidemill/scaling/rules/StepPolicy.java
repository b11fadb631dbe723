package dev.tidemill.scaling.rules;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.util.List;
import java.util.Locale;

/// Thresholds: above one the count is multiplied, below another it goes down to a floor at once. It
/// waits for ordered replicas to be ready before it multiplies again, and for five quiet minutes
/// before it shrinks. What is not measured changes nothing.
///
/// @param above share from which it multiplies; not-a-number for never
/// @param below share under which it shrinks; not-a-number for never
/// @param floor to which it shrinks
public record StepPolicy(
        String name,
        Bounds bounds,
        Signal signal,
        double above,
        double factor,
        double below,
        int floor)
        implements Policy {
    private static final long QUIET_MILLIS = 300_000;
    private static final long NEVER = Long.MIN_VALUE;

    public StepPolicy {
        if (!(factor >= 1)) {
            throw new IllegalArgumentException("factor: '%s' (expected: >= 1)".formatted(factor));
        }
        if (above <= below) {
            throw new IllegalArgumentException(
                    "above: '%s' (expected: more than below, which is %s)".formatted(above, below));
        }
    }

    @Override
    public Session start() {
        return new Steps(this);
    }

    private static final class Steps implements Session {
        private final StepPolicy policy;
        private long quietSince = NEVER;

        Steps(StepPolicy policy) {
            this.policy = policy;
        }

        @Override
        public Verdict decide(Signals seen) {
            int current = seen.ordered();
            double share = seen.get(policy.signal);
            if (Double.isNaN(share)) {
                quietSince = NEVER;
                return verdict(seen, current, List.of(Limit.SILENT), "nothing is measured");
            }
            if (share > policy.above) {
                quietSince = NEVER;
                return seen.starting() > 0
                        ? verdict(seen, current, List.of(Limit.WINDOW), "still starts")
                        : multiplied(seen);
            }
            if (!(share < policy.below)) {
                quietSince = NEVER;
                return verdict(seen, current, List.of(), "within its thresholds");
            }
            quietSince = quietSince == NEVER ? seen.atMillis() : quietSince;
            int floor = Math.max(policy.floor, policy.bounds.min());
            if (current <= floor) {
                return verdict(seen, current, List.of(), "already at the floor");
            }
            return seen.atMillis() - quietSince < QUIET_MILLIS
                    ? verdict(seen, current, List.of(Limit.WINDOW), "not for long")
                    : verdict(seen, floor, List.of(), "quiet, so it shrinks");
        }

        private Verdict multiplied(Signals seen) {
            int wanted = (int) Math.ceil(Math.max(1, seen.ordered()) * policy.factor);
            return verdict(seen, wanted, List.of(), "multiplied");
        }

        private Verdict verdict(Signals seen, int wanted, List<Limit> limits, String what) {
            int replicas = policy.bounds.clamp(wanted);
            List<Limit> met =
                    replicas == wanted
                            ? limits
                            : List.of(replicas < wanted ? Limit.MAX : Limit.MIN);
            double share = seen.get(policy.signal) * 100;
            String label = policy.signal.label();
            return new Verdict(
                    seen,
                    policy.name,
                    policy.name,
                    wanted,
                    met,
                    replicas,
                    () ->
                            String.format(
                                    Locale.ROOT,
                                    "%s at %.0f %%: %s, %d",
                                    label,
                                    share,
                                    what,
                                    replicas));
        }
    }
}
