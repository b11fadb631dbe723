package dev.tidemill.rehearsal.slot;

import java.util.Arrays;
import java.util.SplittableRandom;

/// When each request of a minute comes: anywhere in it by chance, the minute's count being as
/// recorded; or evenly.
final class Moments {
    private final boolean even;
    private final SplittableRandom random;
    private double[] at = new double[256];
    private int count;

    Moments(boolean even, SplittableRandom random) {
        this.even = even;
        this.random = random;
    }

    /// @param requests of the minute; what is not whole is one more now and then
    void minute(double requests) {
        int whole = (int) Math.floor(requests);
        count = whole + (random.nextDouble() < requests - whole ? 1 : 0);
        if (count > at.length) {
            at = new double[Math.max(count, 2 * at.length)];
        }
        for (int i = 0; i < count; i++) {
            at[i] = even ? 60 * (i + 0.5) / count : 60 * random.nextDouble();
        }
        if (!even) {
            Arrays.sort(at, 0, count);
        }
    }

    int count() {
        return count;
    }

    /// Seconds since the minute began.
    double at(int request) {
        return at[request];
    }
}
