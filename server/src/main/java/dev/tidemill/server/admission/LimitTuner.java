package dev.tidemill.server.admission;

import dev.tidemill.limits.AdaptiveLimit;
import java.util.function.IntSupplier;

/// Gathers what happens in a stretch of time and asks [AdaptiveLimit] about it. Not thread-safe:
/// the gate's lock guards it.
final class LimitTuner {
    private static final long WINDOW_NANOS = 100_000_000;

    private final AdaptiveLimit policy;
    private final IntSupplier floor;
    private AdaptiveLimit.State state;
    private long answers;
    private long sumNanos;
    private int mostInFlight;
    private long begin;
    private boolean begun;

    /// @param floor below which the limit must not fall now, however small the policy's own is
    LimitTuner(AdaptiveLimit policy, IntSupplier floor) {
        this.policy = policy;
        this.floor = floor;
        this.state = policy.start();
    }

    void entered(int inFlight) {
        mostInFlight = Math.max(mostInFlight, inFlight);
    }

    /// @param now of the monotonic clock
    /// @param took the answer, in ns
    /// @return whether the window ended, and the limit may be another
    boolean answered(long now, long took) {
        if (!begun) {
            begun = true;
            begin = now - took;
        }
        answers++;
        sumNanos += took;
        if (now - begin < WINDOW_NANOS || answers < AdaptiveLimit.FEWEST) {
            return false;
        }
        int min = Math.clamp(floor.getAsInt(), policy.min(), policy.max());
        AdaptiveLimit current =
                new AdaptiveLimit(min, policy.max(), policy.tolerance(), policy.harmless());
        state =
                current.next(
                                state,
                                new AdaptiveLimit.Window(
                                        answers,
                                        now - begin,
                                        (double) sumNanos / answers,
                                        mostInFlight))
                        .state();
        answers = 0;
        sumNanos = 0;
        mostInFlight = 0;
        begin = now;
        return true;
    }

    int limit() {
        return (int) state.limit();
    }
}
