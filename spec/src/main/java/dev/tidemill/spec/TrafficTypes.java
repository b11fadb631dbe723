package dev.tidemill.spec;

import dev.tidemill.common.DurationText;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.ValueType;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// The types of values that say what a route does with its requests.
final class TrafficTypes {
    private static final Pattern TIMES = Pattern.compile("\\d{1,3}(\\.\\d{1,3})?x");
    private static final Pattern PERCENTILE = Pattern.compile("p\\d{2}(\\.\\d)?");
    private static final int MAX_TIMES = 100;

    private TrafficTypes() {}

    static ValueType<RouteTraffic.Latency> latency() {
        return new ValueType<>(
                        "a factor of the stable version's such as 1.2x, from 1.05x to 100x, or a duration"
                                + " such as 800ms, from 1ms to 1h",
                        new RouteTraffic.Latency.Factor(MAX_TIMES),
                        scalar -> parse(scalar.text()))
                .as(new Form.Text(64, "\\d{1,3}(\\.\\d{1,3})?x|(\\d{1,9}(ms|s|m|h|d))+"));
    }

    static ValueType<RouteTraffic.Hedge> hedge() {
        return new ValueType<>(
                        "a duration such as 80ms, from 1ms to 1m, or a percentile that is learned such as"
                                + " p95, from p50 to p99.9",
                        new RouteTraffic.Hedge.Quantile(95),
                        scalar -> hedge(scalar.text()))
                .as(new Form.Text(64, "p\\d{2}(\\.\\d)?|(\\d{1,9}(ms|s|m|h|d))+"));
    }

    private static Optional<RouteTraffic.Hedge> hedge(String text) {
        if (PERCENTILE.matcher(text).matches()) {
            double percent = Double.parseDouble(text.substring(1));
            return percent >= 50
                    ? Optional.of(new RouteTraffic.Hedge.Quantile(percent))
                    : Optional.empty();
        }
        try {
            Duration time = DurationText.parse(text);
            return time.toMillis() >= 1 && !time.minusMinutes(1).isPositive()
                    ? Optional.of(new RouteTraffic.Hedge.After(time))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<RouteTraffic.Latency> parse(String text) {
        if (TIMES.matcher(text).matches()) {
            double times = Double.parseDouble(text.substring(0, text.length() - 1));
            return times >= 1.05 && times <= MAX_TIMES
                    ? Optional.of(new RouteTraffic.Latency.Factor(times))
                    : Optional.empty();
        }
        try {
            Duration time = DurationText.parse(text);
            return time.toMillis() >= 1 && !time.minusHours(1).isPositive()
                    ? Optional.of(new RouteTraffic.Latency.Absolute(time))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
