package dev.tidemill.http;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// A metric as it is documented and as it appears in `/metrics`. Each module lists its own once;
/// `docs/metrics.md` is made from the lists.
///
/// @param name as Prometheus shows it, with unit: `..._seconds`, `..._total`
/// @param help one sentence
/// @param labels in the order in which [Metrics] takes their values
public record MetricName(String name, Kind kind, String help, List<String> labels) {
    public MetricName {
        requireNonNull(help, "help");
        labels = List.copyOf(labels);
        if (kind == Kind.HISTOGRAM
                && !name.endsWith("_seconds")
                && !name.endsWith("_rows")
                && !name.endsWith("_usage")) {
            throw new IllegalArgumentException(
                    "metric: '%s' (expected: a name that ends in _seconds, _rows or _usage)"
                            .formatted(name));
        }
        if (kind == Kind.COUNTER && !name.endsWith("_total")) {
            throw new IllegalArgumentException(
                    "metric: '%s' (expected: a name that ends in _total)".formatted(name));
        }
    }

    public static MetricName histogram(String name, String help, String... labels) {
        return new MetricName(name, Kind.HISTOGRAM, help, List.of(labels));
    }

    public static MetricName counter(String name, String help, String... labels) {
        return new MetricName(name, Kind.COUNTER, help, List.of(labels));
    }

    public static MetricName gauge(String name, String help, String... labels) {
        return new MetricName(name, Kind.GAUGE, help, List.of(labels));
    }

    /// The rows of a Markdown table of metrics, for `docs/metrics.md`.
    public static String table(List<MetricName> metrics) {
        StringBuilder table =
                new StringBuilder("| metric | type | labels | says |\n|---|---|---|---|\n");
        for (MetricName metric : metrics) {
            table.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(
                                    metric.name(),
                                    metric.kind().name().toLowerCase(java.util.Locale.ROOT),
                                    String.join(", ", metric.labels()),
                                    metric.help()));
        }
        return table.toString();
    }

    public enum Kind {
        /// Of durations in the buckets of [Metrics#BUCKETS], or of counts in powers of two.
        HISTOGRAM,
        COUNTER,
        GAUGE
    }
}
