package dev.tidemill.benchmarks.serving;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/// What one cell gave, as a line of JSON.
final class Figures {
    private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9, 99.99};

    private Figures() {}

    /// @param more further properties, each after a comma; or nothing
    static String json(Histogram nanos, double seconds, long errors, String more) {
        StringBuilder out = new StringBuilder(256);
        out.append(
                String.format(
                        Locale.ROOT,
                        "{\"count\":%d,\"seconds\":%.4f,\"rps\":%.2f,\"errors\":%d",
                        nanos.getTotalCount(),
                        seconds,
                        nanos.getTotalCount() / seconds,
                        errors));
        for (double percentile : PERCENTILES) {
            String name = String.valueOf(percentile).replaceFirst("\\.0$", "");
            out.append(
                    String.format(
                            Locale.ROOT,
                            ",\"p%s_us\":%.1f",
                            name,
                            nanos.getValueAtPercentile(percentile) / 1e3));
        }
        out.append(
                String.format(
                        Locale.ROOT,
                        ",\"mean_us\":%.1f,\"max_us\":%.1f",
                        nanos.getMean() / 1e3,
                        nanos.getMaxValue() / 1e3));
        return out.append(more).append('}').toString();
    }
}
