package dev.tidemill.limits;

import java.time.Duration;

/// How many requests at a time do any good, found out from how they fare: the limit falls by a
/// tenth when answers take much longer than they must while no more of them come, and rises by its
/// square root when it is used up and answers are quick (additive increase, multiplicative
/// decrease, with a latency that is learnt as TCP Vegas does).
///
/// What answers must take is the least mean that was seen; while the limit holds nothing back, or
/// is at its least, that follows what is seen, so that a model that gets slower for good is not
/// throttled for good.
///
/// @param min below this it never falls: what the batches of the models need to be full
/// @param max above this it never rises
/// @param tolerance how many times as long as they must answers may take
/// @param harmless means below this are never too long
public record AdaptiveLimit(int min, int max, double tolerance, Duration harmless) {
    /// Fewer answers say nothing.
    public static final int FEWEST = 10;

    private static final double FALL = 0.9;
    private static final double USED = 0.8;
    private static final double MORE = 1.05;
    private static final double FORGET_BEST = 0.98;
    private static final double LEARN = 0.05;

    /// A limit that is used less than this holds nothing back.
    private static final double OPEN = 0.5;

    /// An unused limit goes back to where it began, since whoever comes next may be quick.
    private static final double RETURN = 1.01;

    public AdaptiveLimit {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException(
                    "adaptive limit: '%d to %d' (expected: 1 <= min <= max)".formatted(min, max));
        }
        if (!(tolerance > 1)) {
            throw new IllegalArgumentException(
                    "tolerance: '%s' (expected: > 1)".formatted(tolerance));
        }
    }

    /// What is known.
    ///
    /// @param limit with its fraction
    /// @param least mean time of an answer that must be, in ns; 0 when nothing is known yet
    /// @param best answers a second, of late
    public record State(double limit, double least, double best) {}

    /// What happened in a stretch of time.
    ///
    /// @param answers that ended in it
    /// @param nanos how long it was
    /// @param meanNanos of the answers
    /// @param mostInFlight requests at once
    public record Window(long answers, long nanos, double meanNanos, int mostInFlight) {}

    /// @param reason one clause
    public record Decision(State state, String reason) {
        /// In whole requests.
        public int limit() {
            return (int) state.limit();
        }
    }

    /// Generous: only what happens can lower it.
    public State start() {
        return new State(max, 0, 0);
    }

    /// The limit for the time after a window.
    public Decision next(State state, Window window) {
        if (window.answers() < FEWEST || window.nanos() <= 0) {
            return new Decision(state, "too few answers to judge by");
        }
        double mean = window.meanNanos();
        double rate = window.answers() * 1e9 / window.nanos();
        boolean open = window.mostInFlight() < OPEN * state.limit();
        double least = least(state, mean, open);
        double best = Math.max(rate, state.best() * FORGET_BEST);
        double allowed = Math.max(tolerance * least, (double) harmless.toNanos());
        double limit = Math.clamp(state.limit(), min, max);
        if (mean > allowed) {
            if (open) {
                return decision(limit, least, best, "answers are slow, but not for their number");
            }
            if (rate > state.best() * MORE) {
                return decision(limit, least, best, "answers are slow, but more of them come");
            }
            return decision(
                    Math.max(min, limit * FALL),
                    least,
                    best,
                    "answers take %.1f ms (allowed: %.1f ms)".formatted(mean / 1e6, allowed / 1e6));
        }
        if (window.mostInFlight() >= USED * limit) {
            return decision(
                    Math.min(max, limit + Math.sqrt(limit)), least, best, "used up and quick");
        }
        return decision(Math.min(max, limit * RETURN), least, best, "not used up");
    }

    /// Learns what answers must take only while it is not the number of requests that slows them:
    /// otherwise an overload would become what is usual.
    private double least(State state, double mean, boolean open) {
        if (state.least() == 0 || mean < state.least()) {
            return mean;
        }
        boolean ours = !open && state.limit() > min;
        return ours ? state.least() : state.least() + (mean - state.least()) * LEARN;
    }

    private static Decision decision(double limit, double least, double best, String reason) {
        return new Decision(new State(limit, least, best), reason);
    }
}
