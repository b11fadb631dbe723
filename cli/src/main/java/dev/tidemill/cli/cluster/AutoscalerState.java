package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Fields;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a HorizontalPodAutoscaler says of itself, as `explain` prints it.
///
/// @param name its own
/// @param replicas that there are
/// @param wanted replicas
/// @param changed when it last ordered another number
public record AutoscalerState(
        String name,
        long replicas,
        long wanted,
        long min,
        long max,
        Optional<Instant> changed,
        List<Metric> metrics,
        List<Condition> conditions) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");
    private static final String UNKNOWN = "not known";

    /// What it goes by, in Kubernetes' own words: `97 %`, `250m`.
    ///
    /// @param now `not known` where it could not be read
    /// @param target where it is to be
    public record Metric(String name, String now, String target) {}

    /// @param status `True`, `False` or `Unknown`
    public record Condition(String type, String status, String message) {}

    public AutoscalerState {
        metrics = List.copyOf(metrics);
        conditions = List.copyOf(conditions);
    }

    static AutoscalerState of(Fields scaler) {
        String last = scaler.text("status", "lastScaleTime");
        return new AutoscalerState(
                scaler.name(),
                scaler.number("status", "currentReplicas"),
                scaler.number("status", "desiredReplicas"),
                Math.max(1, scaler.number("spec", "minReplicas")),
                scaler.number("spec", "maxReplicas"),
                last.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(last)),
                metrics(scaler),
                scaler.children("status", "conditions").stream()
                        .map(one ->
                                new Condition(
                                        one.text("type"), one.text("status"), one.text("message")))
                        .toList());
    }

    /// @param of whose replicas
    public List<String> lines(String of, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s: %d replicas, %d wanted, %d to %d allowed, by horizontalpodautoscaler/%s"
                        .formatted(of, replicas, wanted, min, max, name));
        changed.ifPresent(at -> lines.add("    changed " + TIME.format(at.atZone(zone))));
        for (Metric metric : metrics) {
            lines.add(
                    "    saw     %s %s, which is to be %s"
                            .formatted(metric.name(), metric.now(), metric.target()));
        }
        for (Condition condition : conditions) {
            lines.add(
                    "    %s %s: %s"
                            .formatted(condition.type(), condition.status(), condition.message()));
        }
        return lines;
    }

    private static List<Metric> metrics(Fields scaler) {
        List<Fields> current = scaler.children("status", "currentMetrics");
        return scaler.children("spec", "metrics").stream()
                .map(asked -> {
                    String name = metric(asked);
                    return new Metric(
                            name,
                            current.stream()
                                    .filter(each -> metric(each).equals(name))
                                    .map(each -> value(each, "current"))
                                    .findFirst()
                                    .orElse(UNKNOWN),
                            value(asked, "target"));
                })
                .toList();
    }

    /// Its name, wherever its type has it.
    private static String metric(Fields metric) {
        Fields source = source(metric);
        return Stream.of(source.text("name"), source.text("metric", "name"))
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse(metric.text("type"));
    }

    private static Fields source(Fields metric) {
        String type = metric.text("type");
        return type.isEmpty()
                ? Fields.NONE
                : metric.child(type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1));
    }

    private static String value(Fields metric, String side) {
        Fields value = source(metric).child(side);
        String share = value.text("averageUtilization");
        return share.isEmpty()
                ? Stream.of(value.text("averageValue"), value.text("value"))
                        .filter(text -> !text.isEmpty())
                        .findFirst()
                        .orElse(UNKNOWN)
                : share + " %";
    }
}
