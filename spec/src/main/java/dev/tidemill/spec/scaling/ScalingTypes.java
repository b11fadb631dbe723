package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.guard.Cron;
import dev.tidemill.scaling.keda.Formula;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Nearest;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The types of scaling's values.
final class ScalingTypes {
    private static final Pattern SERVER =
            Pattern.compile("https?://[A-Za-z0-9.\\[\\]:_-]{1,253}(/[A-Za-z0-9._~/-]{0,200})?");

    /// What Prometheus, Kubernetes and KEDA call a metric; no more than formulas can name.
    private static final Pattern METRIC = Pattern.compile("[A-Za-z_][A-Za-z0-9_:.-]{0,199}");

    private ScalingTypes() {}

    static ValueType<Cron> cron() {
        return parsed(Cron.EXPECTED, Cron.parse("0 0 * * *"), Cron::parse)
                .as(new Form.Text(1000, "\\s*\\S+(\\s+\\S+){4}\\s*"));
    }

    static ValueType<Formula> formula() {
        return parsed(
                        "a formula over the triggers' names, such as max(queue, 2 * lag)",
                        Formula.parse("1"),
                        Formula::parse)
                .as(new Form.NumberOrText(""));
    }

    static ValueType<ZoneId> zone() {
        return new ValueType<>(
                        "a time zone such as Asia/Shanghai, Europe/Berlin or UTC",
                        ZoneId.of("UTC"),
                        text -> Nearest.hint(text, citiesLike(text)),
                        scalar -> {
                            try {
                                return Optional.of(ZoneId.of(scalar.text()));
                            } catch (DateTimeException _) {
                                return Optional.empty();
                            }
                        })
                .as(new Form.Text(100, "[A-Za-z0-9+-][A-Za-z0-9~/._+:-]*"));
    }

    /// Of all the zones those whose city begins alike.
    private static List<String> citiesLike(String text) {
        String city = text.substring(text.lastIndexOf('/') + 1);
        String begin = city.substring(0, Math.min(2, city.length()));
        return ZoneId.getAvailableZoneIds().stream()
                .filter(zone ->
                        zone.regionMatches(
                                true, zone.lastIndexOf('/') + 1, begin, 0, begin.length()))
                .sorted()
                .toList();
    }

    static ValueType<String> server() {
        return ValueTypes.matching(
                        "the address of a Prometheus-compatible server such as http://prometheus:9090",
                        "http://127.0.0.1:9090",
                        text -> SERVER.matcher(text).matches())
                .as(Form.matching(SERVER, 500));
    }

    static ValueType<String> metricName() {
        return ValueTypes.matching(
                        "the name of a metric such as queue_depth",
                        "metric",
                        ScalingTypes::isMetric)
                .as(Form.matching(METRIC, 200));
    }

    static boolean isMetric(String text) {
        return METRIC.matcher(text).matches();
    }

    private static <T> ValueType<T> parsed(
            String expected, T placeholder, Function<String, T> parser) {
        return new ValueType<>(
                expected,
                placeholder,
                text -> {
                    try {
                        T _ = parser.apply(text);
                        return "";
                    } catch (IllegalArgumentException e) {
                        return "; " + e.getMessage();
                    }
                },
                scalar -> {
                    try {
                        return scalar.text().length() > 1000
                                ? Optional.empty()
                                : Optional.of(parser.apply(scalar.text()));
                    } catch (IllegalArgumentException _) {
                        return Optional.empty();
                    }
                });
    }
}
