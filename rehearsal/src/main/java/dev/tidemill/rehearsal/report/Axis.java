package dev.tidemill.rehearsal.report;

import java.util.ArrayList;
import java.util.List;

/// From values to points on the page, and round values to write beside it.
///
/// @param log whether equal steps are equal quotients
record Axis(double low, double high, double from, double to, boolean log) {
    static Axis linear(double high, double from, double to) {
        return new Axis(0, high > 0 ? roundUp(high) : 1, from, to, false);
    }

    double at(double value) {
        double bounded = Math.clamp(value, low, high);
        double share =
                log
                        ? Math.log(bounded / low) / Math.log(high / low)
                        : (bounded - low) / (high - low);
        return from + share * (to - from);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (log) {
            for (double tick = low; tick <= high * 1.0001; tick *= 10) {
                ticks.add(tick);
            }
            return ticks;
        }
        double step = step(high - low);
        for (double tick = Math.ceil(low / step) * step; tick <= high + step / 1e6; tick += step) {
            ticks.add(tick);
        }
        return ticks;
    }

    private static double step(double span) {
        double rough = span / 4;
        double unit = Math.pow(10, Math.floor(Math.log10(rough)));
        double times = rough / unit;
        return unit * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
    }

    private static double roundUp(double high) {
        double step = step(high);
        return Math.ceil(high / step - 1e-9) * step;
    }
}
