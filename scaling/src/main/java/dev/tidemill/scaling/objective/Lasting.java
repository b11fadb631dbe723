package dev.tidemill.scaling.objective;

/// Something that must be seen a few times in a row, and for a while however often one looks,
/// before it is believed.
final class Lasting {
    private static final int LOOKS = 4;
    private static final long MILLIS = 45_000;

    /// In flight may grow by so much meanwhile.
    private static final double GROWTH = 1.1;

    private final boolean steady;
    private int looks;
    private long since;
    private double flightThen;
    private double least;

    /// @param steady whether what is in flight must not grow meanwhile
    Lasting(boolean steady) {
        this.steady = steady;
    }

    boolean holds(boolean seen, long now, double flight, double value) {
        if (!seen) {
            looks = 0;
            return false;
        }
        if (looks == 0 || (steady && flight > GROWTH * flightThen + 1)) {
            looks = 0;
            since = now;
            flightThen = flight;
            least = value;
        }
        looks++;
        least = Math.min(least, value);
        return looks >= LOOKS && now - since >= MILLIS;
    }

    /// The lowest value of them.
    double least() {
        return least;
    }
}
