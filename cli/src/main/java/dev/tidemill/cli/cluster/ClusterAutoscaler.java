package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.manifests.Names;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a HorizontalPodAutoscaler says of a model or an app that Kubernetes scales: of those our
/// operator writes nothing down.
public record ClusterAutoscaler(Cluster cluster) {
    /// What KEDA calls those that it makes of our ScaledObjects.
    private static final String KEDA = "keda-hpa-";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");

    /// @return empty when none scales it
    public Optional<List<String>> of(String name, ZoneId zone) {
        return Stream.of(Names.server(name), Names.app(name), KEDA + Names.server(name))
                .map(object ->
                        cluster.get(
                                Kinds.ref(
                                        "autoscaling/v2",
                                        "HorizontalPodAutoscaler",
                                        cluster.namespace(),
                                        object)))
                .flatMap(Optional::stream)
                .findFirst()
                .map(scaler -> lines(name, scaler, zone));
    }

    static List<String> lines(String name, Fields scaler, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s: %d replicas, %d wanted, %d to %d allowed, by horizontalpodautoscaler/%s"
                        .formatted(
                                name,
                                scaler.number("status", "currentReplicas"),
                                scaler.number("status", "desiredReplicas"),
                                Math.max(1, scaler.number("spec", "minReplicas")),
                                scaler.number("spec", "maxReplicas"),
                                scaler.name()));
        String last = scaler.text("status", "lastScaleTime");
        if (!last.isEmpty()) {
            lines.add("    changed " + TIME.format(Instant.parse(last).atZone(zone)));
        }
        List<Fields> current = scaler.children("status", "currentMetrics");
        for (Fields asked : scaler.children("spec", "metrics")) {
            String metric = metric(asked);
            String now =
                    current.stream()
                            .filter(each -> metric(each).equals(metric))
                            .map(each -> value(each, "current"))
                            .findFirst()
                            .orElse("not known");
            lines.add(
                    "    saw     %s %s, which is to be %s"
                            .formatted(metric, now, value(asked, "target")));
        }
        for (Fields condition : scaler.children("status", "conditions")) {
            lines.add(
                    "    %s %s: %s"
                            .formatted(
                                    condition.text("type"),
                                    condition.text("status"),
                                    condition.text("message")));
        }
        return lines;
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
                        .orElse("not known")
                : share + " %";
    }
}
