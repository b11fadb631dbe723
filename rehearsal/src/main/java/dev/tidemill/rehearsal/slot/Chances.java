package dev.tidemill.rehearsal.slot;

import java.time.Duration;

/// What differs from its mean, and how a live loop looks.
///
/// @param slotSpread of the time that a request takes: standard deviation over mean; 0 for always
///   the same, 1 for exponential times, anything else for lognormal ones
/// @param startSpread of start-up times, in the same way
/// @param look between two looks of the policy, whole seconds
/// @param drain what a replica that goes has to finish its requests
public record Chances(double slotSpread, double startSpread, Duration look, Duration drain) {
    /// Exponential times, as the formula of the engine by minutes has them.
    public static final Chances EXPONENTIAL =
            new Chances(1, 0, Duration.ofSeconds(15), Duration.ofSeconds(30));

    private static final double WIDEST = 20;

    public Chances {
        if (!(slotSpread >= 0 && slotSpread <= WIDEST)
                || !(startSpread >= 0 && startSpread <= WIDEST)) {
            throw new IllegalArgumentException(
                    "spread: '%s of slot times, %s of start-ups' (expected: 0 to %s)"
                            .formatted(slotSpread, startSpread, WIDEST));
        }
        if (look.toSeconds() < 1
                || look.toSeconds() > 60
                || look.toMillis() % 1000 != 0
                || drain.isNegative()) {
            throw new IllegalArgumentException(
                    "look, drain: '%s, %s' (expected: 1 to 60 whole seconds, not negative)"
                            .formatted(look, drain));
        }
    }

    public Chances withSlotSpread(double other) {
        return new Chances(other, startSpread, look, drain);
    }

    public Chances withStartSpread(double other) {
        return new Chances(slotSpread, other, look, drain);
    }

    public Chances withLook(Duration other) {
        return new Chances(slotSpread, startSpread, other, drain);
    }

    public Chances withDrain(Duration other) {
        return new Chances(slotSpread, startSpread, look, other);
    }
}
