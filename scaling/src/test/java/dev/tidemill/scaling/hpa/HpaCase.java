package dev.tidemill.scaling.hpa;

import dev.tidemill.scaling.hpa.Behavior.Kind;
import dev.tidemill.scaling.hpa.Behavior.Rate;
import dev.tidemill.scaling.hpa.Behavior.Rules;
import dev.tidemill.scaling.hpa.Behavior.Select;
import dev.tidemill.scaling.hpa.MetricReading.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads one case of a cases file into the types of this package. Times in a case are seconds
/// before now; 1e9 stands for a time that was never set.
record HpaCase(JsonNode json) {
    static final long NOW = 4_000_000_000_000L;

    String name() {
        return json.path("name").isString() ? json.path("name").stringValue() : "(no name)";
    }

    JsonNode at(String... path) {
        JsonNode node = json;
        for (String step : path) {
            node = node.path(step);
        }
        return node;
    }

    int number(String... path) {
        JsonNode node = at(path);
        if (!node.isIntegralNumber()) {
            throw new IllegalArgumentException(
                    "%s: '%s' (expected: a whole number)".formatted(String.join(".", path), node));
        }
        return node.intValue();
    }

    HpaSettings settings() {
        JsonNode env = at("env");
        HpaSettings standard = HpaSettings.DEFAULT;
        return new HpaSettings(
                real(env.path("tolerance"), standard.tolerance()),
                seconds(env.path("cpuInitializationSeconds"), standard.cpuInitialization()),
                seconds(env.path("initialReadinessDelaySeconds"), standard.initialReadinessDelay()),
                seconds(
                        env.path("downscaleStabilizationSeconds"),
                        standard.downscaleStabilization()),
                real(env.path("scaleUpLimitFactor"), standard.scaleUpLimitFactor()),
                real(env.path("scaleUpLimitMinimum"), standard.scaleUpLimitMinimum()),
                flag(env.path("configurableTolerance"), standard.configurableTolerance()),
                flag(env.path("podLevelResources"), standard.podLevelResources()));
    }

    @Nullable Behavior behavior() {
        JsonNode behavior = at("spec", "behavior");
        if (absent(behavior)) {
            return null;
        }
        Behavior standard = Behavior.defaults(settings());
        return new Behavior(
                rules(behavior.path("scaleUp"), standard.up()),
                rules(behavior.path("scaleDown"), standard.down()));
    }

    static Rules rules(JsonNode json, Rules standard) {
        if (absent(json)) {
            return standard;
        }
        JsonNode policies = json.path("policies");
        List<Rate> rates = new ArrayList<>();
        for (JsonNode policy : policies) {
            Kind kind = Kind.valueOf(upper(policy.path("type")));
            rates.add(
                    new Rate(
                            kind,
                            policy.path("value").intValue(),
                            policy.path("periodSeconds").intValue()));
        }
        JsonNode select = json.path("selectPolicy");
        JsonNode window = json.path("stabilizationWindowSeconds");
        JsonNode tolerance = json.path("tolerance");
        return new Rules(
                absent(window) ? standard.windowSeconds() : window.intValue(),
                absent(select) ? standard.select() : Select.valueOf(upper(select)),
                absent(policies) ? standard.rates() : rates,
                absent(tolerance) ? standard.tolerance() : (Double) tolerance.doubleValue());
    }

    List<MetricSpec> metricSpecs() {
        List<MetricSpec> specs = new ArrayList<>();
        for (JsonNode metric : at("metrics")) {
            JsonNode target = metric.path("target");
            String wanted = target.path("type").isString() ? target.path("type").stringValue() : "";
            JsonNode percent = target.path("averageUtilization");
            JsonNode average = target.path("averageValue");
            JsonNode value = target.path("value");
            specs.add(
                    new MetricSpec(
                            metric.path("type").stringValue(),
                            text(metric.path("name")),
                            text(metric.path("container")),
                            absent(percent) ? null : (Integer) percent.intValue(),
                            absent(average) || wanted.equals("Value")
                                    ? null
                                    : (Long) average.longValue(),
                            absent(value) || wanted.equals("AverageValue")
                                    ? null
                                    : (Long) value.longValue()));
        }
        return specs;
    }

    List<MetricReading> readings() {
        List<MetricReading> readings = new ArrayList<>();
        for (JsonNode metric : at("metrics")) {
            readings.add(reading(metric));
        }
        return readings;
    }

    private MetricReading reading(JsonNode metric) {
        String type = metric.path("type").stringValue();
        for (JsonNode failed : at("cluster", "metricErrors")) {
            if (type.endsWith(failed.stringValue())) {
                return new MetricReading.Failed("something went wrong");
            }
        }
        List<Long> numbers = new ArrayList<>();
        Map<String, Sample> samples = new HashMap<>();
        for (JsonNode value : metric.path("values")) {
            if (value.isNumber()) {
                numbers.add(value.longValue());
            } else {
                samples.put(value.path("pod").stringValue(), sample(value));
            }
        }
        boolean workload = type.equals("Object") || type.equals("External");
        return workload ? new MetricReading.OfWorkload(numbers) : new MetricReading.OfPods(samples);
    }

    private static Sample sample(JsonNode value) {
        JsonNode window = value.path("windowSeconds");
        return new Sample(
                value.path("value").longValue(),
                ago(value.path("timestampAgo")),
                absent(window) ? 60_000 : Math.round(window.doubleValue() * 1000));
    }

    List<Pod> pods() {
        List<Pod> pods = new ArrayList<>();
        for (JsonNode pod : at("pods")) {
            JsonNode started = pod.path("startedAgo");
            JsonNode ready = pod.path("ready");
            pods.add(
                    new Pod(
                            pod.path("name").stringValue(),
                            absent(pod.path("phase"))
                                    ? Pod.Phase.UNKNOWN
                                    : Pod.Phase.valueOf(upper(pod.path("phase"))),
                            flag(pod.path("deleting"), false),
                            absent(ready) ? Pod.Ready.ABSENT : Pod.Ready.valueOf(upper(ready)),
                            absent(started) ? null : (Long) ago(started),
                            ago(pod.path("readyChangedAgo")),
                            containers(pod.path("containers")),
                            containers(pod.path("initContainers")),
                            quantities(pod.path("podRequests"))));
        }
        return pods;
    }

    private static List<Pod.Container> containers(JsonNode list) {
        List<Pod.Container> containers = new ArrayList<>();
        for (JsonNode each : list) {
            boolean restartable =
                    flag(each.path("restartable"), false)
                            || text(each.path("restartPolicy")).equals("Always");
            containers.add(
                    new Pod.Container(
                            each.path("name").stringValue(),
                            quantities(each.path("requests")),
                            restartable));
        }
        return containers;
    }

    private static Map<String, Long> quantities(JsonNode json) {
        Map<String, Long> quantities = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : json.properties()) {
            quantities.put(each.getKey(), each.getValue().longValue());
        }
        return quantities;
    }

    Workload workload() {
        String selector = text(at("cluster", "selector"));
        Workload.Selector usable =
                selector.startsWith("Ambiguous")
                        ? Workload.Selector.AMBIGUOUS
                        : selector.startsWith("Invalid")
                                ? Workload.Selector.INVALID
                                : Workload.Selector.USABLE;
        return new Workload(
                number("cluster", "specReplicas"),
                number("cluster", "statusReplicas"),
                pods(),
                usable,
                scale());
    }

    /// Whatever else a case says of its cluster is about a scale that cannot be read or written.
    private Workload.Scale scale() {
        for (Map.Entry<String, JsonNode> each : at("cluster").properties()) {
            switch (each.getKey()) {
                case "specReplicas", "statusReplicas", "selector", "metricErrors" -> {}
                default -> {
                    JsonNode value = each.getValue();
                    String said =
                            (each.getKey() + (value.isString() ? value.stringValue() : ""))
                                    .toLowerCase(Locale.ROOT);
                    if (absent(value) || value.isBoolean() && !value.booleanValue()) {
                        continue;
                    }
                    if (!said.contains("scale") && !said.contains("version")) {
                        throw new IllegalArgumentException(
                                "cluster.%s: '%s' (expected: no such key)"
                                        .formatted(each.getKey(), value));
                    }
                    return said.contains("update")
                            ? Workload.Scale.UNWRITABLE
                            : Workload.Scale.UNREADABLE;
                }
            }
        }
        return Workload.Scale.USABLE;
    }

    HpaMemory memory() {
        JsonNode recommendations = at("state", "recommendations");
        return HpaMemory.of(
                absent(recommendations) ? null : entries(recommendations, "recommendation"),
                entries(at("state", "scaleUpEvents"), "replicaChange"),
                entries(at("state", "scaleDownEvents"), "replicaChange"));
    }

    static List<HpaMemory.Entry> entries(JsonNode list, String count) {
        List<HpaMemory.Entry> entries = new ArrayList<>();
        for (JsonNode each : list) {
            entries.add(new HpaMemory.Entry(each.path(count).intValue(), ago(each.path("ago"))));
        }
        return entries;
    }

    static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static long ago(JsonNode seconds) {
        return absent(seconds) ? NOW : NOW - Math.round(seconds.doubleValue() * 1000);
    }

    private static double real(JsonNode node, double standard) {
        return absent(node) ? standard : node.doubleValue();
    }

    private static boolean flag(JsonNode node, boolean standard) {
        return absent(node) ? standard : node.booleanValue();
    }

    private static Duration seconds(JsonNode node, Duration standard) {
        return absent(node) ? standard : Duration.ofMillis((long) (node.doubleValue() * 1000));
    }

    static String text(JsonNode node) {
        return node.isString() ? node.stringValue() : "";
    }

    private static String upper(JsonNode node) {
        return node.stringValue().toUpperCase(Locale.ROOT);
    }
}
