package dev.tidemill.limits;

/// So much a minute, after a rest at most `burst` at once: a bucket that holds `burst` and refills
/// evenly. What was taken may be more than it held, when nobody could know before how much it would
/// be (the tokens of an answer); then it owes, and nothing is taken until that is refilled.
///
/// @param perMinute at least 1
/// @param burst at least 1
public record Rate(long perMinute, long burst) {
    private static final double NANOS_PER_MINUTE = 60e9;

    public Rate {
        if (perMinute < 1 || burst < 1) {
            throw new IllegalArgumentException(
                    "rate: '%d a minute, %d at once' (expected: at least 1)"
                            .formatted(perMinute, burst));
        }
    }

    /// What a bucket holds.
    ///
    /// @param left less than 0 when it owes
    /// @param atNanos monotonic time
    public record Level(double left, long atNanos) {}

    public Level full(long nowNanos) {
        return new Level((double) burst, nowNanos);
    }

    /// The level now. A clock that stood or went back refills nothing; a bucket of another rate is
    /// cut to what this one holds.
    public Level at(Level level, long nowNanos) {
        long passed = nowNanos - level.atNanos();
        if (passed <= 0) {
            return level.left() <= burst ? level : new Level((double) burst, level.atNanos());
        }
        return new Level(Math.min((double) burst, level.left() + passed * perNano()), nowNanos);
    }

    /// Whether that much may be taken. More than the bucket can ever hold may when it is full:
    /// otherwise a large request could never be made.
    public boolean covers(Level now, double amount) {
        return now.left() >= Math.min(amount, (double) burst);
    }

    public Level take(Level now, double amount) {
        return new Level(now.left() - amount, now.atNanos());
    }

    /// Gives back what was taken too much; a bucket never holds more than it can.
    public Level give(Level now, double amount) {
        return new Level(Math.min((double) burst, now.left() + amount), now.atNanos());
    }

    /// How long until that much may be taken; 0 when it may now.
    public long waitNanos(Level now, double amount) {
        return nanosTo(now, Math.min(amount, (double) burst));
    }

    /// How long until the bucket is full.
    public long resetNanos(Level now) {
        return nanosTo(now, (double) burst);
    }

    /// What may be taken, in whole units.
    public long remaining(Level now) {
        return (long) Math.max(0, Math.floor(now.left()));
    }

    private long nanosTo(Level now, double wanted) {
        double missing = wanted - now.left();
        return missing <= 0 ? 0 : (long) Math.ceil(missing / perNano());
    }

    private double perNano() {
        return perMinute / NANOS_PER_MINUTE;
    }
}
