package dev.tidemill.autoscale;

import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// For a while after the clock has jumped nothing shrinks below what ran then: whatever a policy
/// remembers of the last minutes is gone, and one quiet moment would count for all of them.
final class JumpHold {
    private static final Duration HOLD = Duration.ofMinutes(5);

    private final LongSupplier nanos;
    private int floor;
    private long begun;

    /// @param nanos a monotonic clock, which does not jump
    JumpHold(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void begin(int replicas) {
        floor = replicas;
        begun = nanos.getAsLong();
    }

    /// Somebody has set the count by hand and knows what it is for.
    void end() {
        floor = 0;
    }

    /// Never asks for more than there is.
    Verdict held(Verdict verdict) {
        int least = Math.min(floor, verdict.seen().ordered());
        if (verdict.replicas() >= least) {
            return verdict;
        }
        if (nanos.getAsLong() - begun >= HOLD.toNanos()) {
            end();
            return verdict;
        }
        List<Limit> limits = new ArrayList<>(verdict.limits());
        limits.add(Limit.HOLD);
        return new Verdict(
                verdict.seen(),
                verdict.policy(),
                verdict.rule(),
                verdict.wanted(),
                limits,
                least,
                () ->
                        "the clock has jumped: holding at %d; otherwise: %s"
                                .formatted(least, verdict.reason()));
    }
}
