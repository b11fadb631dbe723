package dev.tidemill.rehearsal.report;

import java.util.function.IntToDoubleFunction;

/// One line of a drawing: the highest value of each stretch of minutes.
///
/// @param style a CSS class, which has the colour
@SuppressWarnings("ArrayRecordComponent") // a drawing's points, read once
record Series(String name, String style, double[] values) {
    static Series of(
            String name, String style, int minutes, int points, IntToDoubleFunction value) {
        double[] values = new double[points];
        for (int i = 0; i < points; i++) {
            int from = (int) ((long) i * minutes / points);
            int to = (int) Math.max(from + 1, (long) (i + 1) * minutes / points);
            double most = 0;
            for (int minute = from; minute < to; minute++) {
                most = Math.max(most, value.applyAsDouble(minute));
            }
            values[i] = most;
        }
        return new Series(name, style, values);
    }

    /// The mean of each stretch instead.
    static Series mean(
            String name, String style, int minutes, int points, IntToDoubleFunction value) {
        double[] values = new double[points];
        for (int i = 0; i < points; i++) {
            int from = (int) ((long) i * minutes / points);
            int to = (int) Math.max(from + 1, (long) (i + 1) * minutes / points);
            for (int minute = from; minute < to; minute++) {
                values[i] += value.applyAsDouble(minute) / (to - from);
            }
        }
        return new Series(name, style, values);
    }

    double most() {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, value);
        }
        return most;
    }
}
