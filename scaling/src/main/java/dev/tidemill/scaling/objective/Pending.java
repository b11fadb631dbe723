package dev.tidemill.scaling.objective;

/// Forecasts whose time has not come.
final class Pending {
    private final int width;
    private long[] times = new long[64];
    private double[] values;
    private int first;
    private int size;

    Pending(int width) {
        this.width = width;
        this.values = new double[64 * width];
    }

    void add(long at, double[] guesses, double expected) {
        if (size == times.length) {
            grow();
        }
        int slot = (first + size) % times.length;
        times[slot] = at;
        System.arraycopy(guesses, 0, values, slot * width, width - 1);
        values[slot * width + width - 1] = expected;
        size++;
    }

    boolean due(long now) {
        return size > 0 && times[first] <= now;
    }

    double value(int column) {
        return values[first * width + column];
    }

    void drop() {
        first = (first + 1) % times.length;
        size--;
    }

    private void grow() {
        long[] moreTimes = new long[times.length * 2];
        double[] moreValues = new double[values.length * 2];
        for (int i = 0; i < size; i++) {
            int from = (first + i) % times.length;
            moreTimes[i] = times[from];
            System.arraycopy(values, from * width, moreValues, i * width, width);
        }
        times = moreTimes;
        values = moreValues;
        first = 0;
    }
}
