package dev.tidemill.scaling.hpa;

import dev.tidemill.scaling.hpa.Formula.Sums;
import dev.tidemill.scaling.hpa.MetricReading.Sample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gathers one metric from pods and asks [Formula].
///
/// @param statusReplicas what the workload counts itself, rolling-update surplus included: targets
///   a pod of object and external metrics divide by this one
record MetricCalculator(
        List<Pod> pods,
        int specReplicas,
        int statusReplicas,
        Tolerance tolerance,
        HpaSettings settings,
        long now) {
    /// @throws MetricFailure when the metric gives no count
    Proposal propose(MetricSpec spec, MetricReading reading) {
        return switch (spec.type()) {
            case "Resource", "ContainerResource" -> resource(spec, reading);
            case "Pods" -> pods(spec, reading);
            case "Object" -> object(spec, reading);
            case "External" -> external(spec, reading);
            default ->
                    throw new MetricFailure(
                            "unknown metric source type \"%s\"".formatted(spec.type()), true);
        };
    }

    private Proposal resource(MetricSpec spec, MetricReading reading) {
        Long averageValue = spec.averageValue();
        Integer percent = spec.averageUtilization();
        if (averageValue == null && percent == null) {
            throw new MetricFailure(
                    "invalid resource metric source: neither an average utilization target nor an"
                            + " average value (usage) target was set");
        }
        Map<String, Sample> samples =
                samples(reading, "unable to get metrics for resource " + spec.name(), "resource");
        return averageValue != null
                ? average(samples, averageValue, spec.name())
                : utilization(samples, Objects.requireNonNull(percent), spec);
    }

    private Proposal pods(MetricSpec spec, MetricReading reading) {
        Map<String, Sample> samples =
                samples(reading, "unable to get metric " + spec.name(), "custom");
        return average(samples, required(spec.averageValue(), "pods"), "");
    }

    private Proposal object(MetricSpec spec, MetricReading reading) {
        Long value = spec.value();
        Long averageValue = spec.averageValue();
        if (value == null && averageValue == null) {
            throw new MetricFailure(
                    "invalid object metric source: neither a value target nor an average value"
                            + " target was set");
        }
        List<Long> values =
                values(reading, "unable to get metric %s".formatted(spec.name()), "custom");
        long usage = values.getFirst();
        return value != null
                ? workload(usage, value)
                : Formula.shared(
                        statusReplicas, usage, required(averageValue, "object"), tolerance);
    }

    private Proposal external(MetricSpec spec, MetricReading reading) {
        Long averageValue = spec.averageValue();
        Long value = spec.value();
        if (value == null && averageValue == null) {
            throw new MetricFailure(
                    "invalid external metric source: neither a value target nor an average value"
                            + " target was set");
        }
        long usage =
                Go.saturatedSum(
                        values(
                                reading,
                                "unable to get external metric %s".formatted(spec.name()),
                                "external"));
        return averageValue != null
                ? Formula.shared(statusReplicas, usage, averageValue, tolerance)
                : workload(usage, required(value, "external"));
    }

    private Proposal workload(long usage, long target) {
        int serving = 0;
        if (specReplicas != 0 && !tolerance.inside((double) usage / target)) {
            for (Pod pod : listed()) {
                serving += pod.serving() ? 1 : 0;
            }
        }
        return Formula.value(specReplicas, usage, target, tolerance, serving);
    }

    private Proposal utilization(Map<String, Sample> samples, int percent, MetricSpec spec) {
        PodGroups groups = PodGroups.of(listed(), samples, spec.name(), settings, now);
        Map<String, Sample> counted = counted(samples, groups);
        Map<String, Long> requests =
                Requests.of(pods, spec.container(), spec.name(), settings.podLevelResources());
        long standIn = Math.max(100, percent);
        return Formula.utilization(
                specReplicas,
                percent,
                tolerance,
                groups.ready(),
                sum(counted, requests),
                sum(groups.missing(), requests, standIn),
                sum(groups.unready(), requests, 0));
    }

    private Proposal average(Map<String, Sample> samples, long target, String resource) {
        PodGroups groups = PodGroups.of(listed(), samples, resource, settings, now);
        Map<String, Sample> counted = counted(samples, groups);
        int missing = groups.missing().size();
        int unready = groups.unready().size();
        long usage = 0;
        for (Sample sample : counted.values()) {
            usage += sample.value();
        }
        return Formula.average(
                specReplicas,
                target,
                tolerance,
                groups.ready(),
                new Sums(usage, 0, counted.size(), counted.size()),
                new Sums(target * missing, 0, missing, missing),
                new Sums(0, 0, unready, unready));
    }

    private List<Pod> listed() {
        if (pods.isEmpty()) {
            throw new MetricFailure("no pods returned by selector while calculating replica count");
        }
        return pods;
    }

    private static Map<String, Sample> counted(Map<String, Sample> samples, PodGroups groups) {
        Map<String, Sample> counted = new HashMap<>(samples);
        counted.keySet().removeAll(groups.ignored());
        counted.keySet().removeAll(groups.unready());
        if (counted.isEmpty()) {
            throw new MetricFailure(
                    "did not receive metrics for targeted pods (pods might be unready)");
        }
        return counted;
    }

    private static Sums sum(Map<String, Sample> samples, Map<String, Long> requests) {
        long usage = 0;
        long requested = 0;
        int known = 0;
        for (Map.Entry<String, Sample> each : samples.entrySet()) {
            Long request = requests.get(each.getKey());
            if (request != null) {
                usage += each.getValue().value();
                requested += request;
                known++;
            }
        }
        return new Sums(usage, requested, known, samples.size());
    }

    private static Sums sum(Set<String> names, Map<String, Long> requests, long percent) {
        long usage = 0;
        long requested = 0;
        for (String name : names) {
            long request = requests.getOrDefault(name, 0L);
            usage += request * percent / 100;
            requested += request;
        }
        return new Sums(usage, requested, names.size(), names.size());
    }

    private static Map<String, Sample> samples(MetricReading reading, String what, String api) {
        return switch (reading) {
            case MetricReading.OfPods(Map<String, Sample> samples) when !samples.isEmpty() ->
                    samples;
            case MetricReading.Failed(String why) -> throw new MetricFailure(what + ": " + why);
            case MetricReading.OfPods _, MetricReading.OfWorkload _ -> throw empty(what, api);
        };
    }

    private static List<Long> values(MetricReading reading, String what, String api) {
        return switch (reading) {
            case MetricReading.OfWorkload(List<Long> values) when !values.isEmpty() -> values;
            case MetricReading.Failed(String why) -> throw new MetricFailure(what + ": " + why);
            case MetricReading.OfPods _, MetricReading.OfWorkload _ -> throw empty(what, api);
        };
    }

    private static MetricFailure empty(String what, String api) {
        return new MetricFailure(
                "%s: no metrics returned from %s metrics API".formatted(what, api));
    }

    private static long required(@Nullable Long target, String type) {
        if (target == null) {
            throw new MetricFailure(
                    "invalid %s metric source: no target that it knows was set".formatted(type));
        }
        return target;
    }
}
