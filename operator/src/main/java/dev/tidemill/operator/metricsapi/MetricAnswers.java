package dev.tidemill.operator.metricsapi;

import dev.tidemill.autoscale.Quantity;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.manifests.Names;
import dev.tidemill.operator.scale.PoolReading;
import dev.tidemill.operator.scale.Readings;
import dev.tidemill.spec.Model;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is answered to questions about metrics. What is not known now is an error, never a zero and
/// never a part of a sum: an autoscaler does not shrink by an error.
final class MetricAnswers {
    private static final Duration FRESH = Duration.ofSeconds(5);

    /// Of gateways and servers, which are read once a second.
    private static final int WINDOW_SECONDS = 1;

    private final Readings readings;
    private final InstantSource clock;

    MetricAnswers(Readings readings, InstantSource clock) {
        this.readings = readings;
        this.clock = clock;
    }

    /// Of each pod: what it has of a total, or the mean of all.
    ///
    /// @param name `*` for those that the selector chooses
    List<Map<String, Object>> pods(
            String namespace, String name, String metric, String labels, String metricLabels) {
        LabelSelector chosen = LabelSelector.parse(labels);
        LabelSelector series = LabelSelector.parse(metricLabels);
        List<Map<String, Object>> items = new ArrayList<>();
        boolean any = false;
        for (PoolReading pool : readings.of(namespace)) {
            for (PoolReading.Pod pod : pool.pods()) {
                boolean meant =
                        name.equals("*") ? chosen.test(pod.labels()) : name.equals(pod.name());
                if (meant && pool.names().contains(metric) && series.test(ofModel(pool))) {
                    any = true;
                    double value = known(pool, metric).each(pool.pods().size());
                    items.add(custom(pool, "v1", "Pod", namespace, pod.name(), metric, value));
                }
            }
        }
        if (!any) {
            throw none("pods", name, metric);
        }
        return items;
    }

    /// Of a model, or of the Service or Deployment that serves it.
    ///
    /// @param name `*` for those whose model's labels the selector chooses
    List<Map<String, Object>> objects(
            String namespace, String resource, String name, String metric, String labels) {
        LabelSelector chosen = LabelSelector.parse(labels);
        Described kind = Described.of(resource);
        List<Map<String, Object>> items = new ArrayList<>();
        for (PoolReading pool : readings.of(namespace)) {
            boolean meant =
                    name.equals("*") ? chosen.test(ofModel(pool)) : kind.names(pool).contains(name);
            if (meant && pool.names().contains(metric)) {
                String of = name.equals("*") ? kind.names(pool).getFirst() : name;
                items.add(
                        custom(
                                pool,
                                kind.apiVersion,
                                kind.kind,
                                namespace,
                                of,
                                metric,
                                known(pool, metric).number()));
            }
        }
        if (items.isEmpty()) {
            throw none(resource, name, metric);
        }
        return items;
    }

    List<Map<String, Object>> external(String namespace, String metric, String labels) {
        LabelSelector chosen = LabelSelector.parse(labels);
        List<Map<String, Object>> items = new ArrayList<>();
        for (PoolReading pool : readings.of(namespace)) {
            if (chosen.test(ofModel(pool)) && pool.names().contains(metric)) {
                Map<String, Object> item = new LinkedHashMap<>();
                double value = known(pool, metric).number();
                item.put("metricName", metric);
                item.put("metricLabels", ofModel(pool));
                item.put("timestamp", time(pool.at()));
                item.put("window", WINDOW_SECONDS);
                item.put("value", Quantity.of(value));
                items.add(item);
            }
        }
        if (items.isEmpty()) {
            throw none("models", labels.isEmpty() ? "any" : labels, metric);
        }
        return items;
    }

    private PoolReading.Value known(PoolReading pool, String metric) {
        return pool.value(metric)
                .filter(_ -> !pool.at().isBefore(clock.instant().minus(FRESH)))
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.UNAVAILABLE,
                                "metric: '%s' (expected: one that can be read now of model %s)"
                                        .formatted(metric, pool.name())));
    }

    private static TidemillException none(String resource, String name, String metric) {
        return new TidemillException(
                ErrorCode.NOT_FOUND,
                "metric: '%s' (expected: one of %s %s that is measured here)"
                        .formatted(metric, resource, name));
    }

    private static Map<String, String> ofModel(PoolReading pool) {
        return Map.of("model", pool.name());
    }

    private static Map<String, Object> custom(
            PoolReading pool,
            String apiVersion,
            String kind,
            String namespace,
            String name,
            String metric,
            double value) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("kind", kind);
        described.put("namespace", namespace);
        described.put("name", name);
        described.put("apiVersion", apiVersion);
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("describedObject", described);
        item.put("metric", Map.of("name", metric));
        item.put("timestamp", time(pool.at()));
        item.put("windowSeconds", WINDOW_SECONDS);
        item.put("value", Quantity.of(value));
        return item;
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Kinds of objects that a pool can be meant by.
    private enum Described {
        MODEL("models.tidemill.dev", "tidemill.dev/v1alpha1", "Model"),
        SERVICE("services", "v1", "Service"),
        DEPLOYMENT("deployments.apps", "apps/v1", "Deployment");

        private final String resource;
        private final String apiVersion;
        private final String kind;

        Described(String resource, String apiVersion, String kind) {
            this.resource = resource;
            this.apiVersion = apiVersion;
            this.kind = kind;
        }

        static Described of(String resource) {
            for (Described each : values()) {
                if (each.resource.equals(resource)) {
                    return each;
                }
            }
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "resource: '%s' (expected: pods, models.tidemill.dev, services or"
                                    .formatted(resource)
                            + " deployments.apps)");
        }

        List<String> names(PoolReading pool) {
            return this == MODEL
                    ? pool.pool().models().stream().map(Model::name).toList()
                    : List.of(Names.server(pool.name()));
        }
    }
}
