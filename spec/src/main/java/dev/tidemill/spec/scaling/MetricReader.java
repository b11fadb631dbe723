package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.hpa.Metric;
import dev.tidemill.spec.scaling.Measure.Unit;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Nearest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/// Reads `metrics`.
final class MetricReader {
    private final List<String> sources;
    private final Optional<Double> cores;
    private final Map<String, Map<String, String>> labels = new HashMap<>();
    private final List<Metric> metrics = new ArrayList<>();
    private final List<KubeMetric> asked = new ArrayList<>();
    private OptionalDouble concurrency = OptionalDouble.empty();
    private int given;
    private boolean outside;

    /// @param sources names of declared ones
    /// @param cores that one replica may use, when that is limited
    MetricReader(List<String> sources, Optional<Double> cores) {
        this.sources = sources;
        this.cores = cores;
    }

    void read(MappingCursor scaling) {
        for (MappingCursor metric : scaling.children(MetricKeys.METRICS)) {
            given++;
            MetricKeys.Type type = metric.get(MetricKeys.TYPE);
            Optional<Located<Amount>> target = metric.locate(MetricKeys.TARGET);
            Kubernetes kubernetes = kubernetes(metric);
            if (metric.has(MetricKeys.TYPE) && metric.isSound(MetricKeys.TYPE)) {
                switch (type) {
                    case MetricKeys.Type.Ours(Measure measure) -> ours(metric, measure, target);
                    case MetricKeys.Type.Kubernetes name -> kubernetes.add(name);
                }
            }
        }
    }

    List<Metric> metrics() {
        return metrics;
    }

    List<KubeMetric> asked() {
        return asked;
    }

    /// The target of the short form of one metric, requests in flight: what a file without a policy
    /// means by it.
    OptionalDouble onlyConcurrency() {
        return given == 1 ? concurrency : OptionalDouble.empty();
    }

    int given() {
        return given;
    }

    /// Whether one of them is about something else than replicas' resources, which can wake a
    /// target from zero.
    boolean outside() {
        return outside;
    }

    /// By metric's name, the labels that select its series.
    Map<String, String> labels(String metric) {
        return labels.getOrDefault(metric, Map.of());
    }

    private void ours(MappingCursor at, Measure measure, Optional<Located<Amount>> target) {
        if (target.isEmpty()) {
            if (!at.has(MetricKeys.TARGET)) {
                at.problem(MetricKeys.TARGET, expected(measure));
            }
            return;
        }
        Amount amount = target.get().value();
        if (amount.unit() != measure.unit()) {
            at.problem(MetricKeys.TARGET, expected(measure));
            return;
        }
        if (measure == Measure.CONCURRENCY) {
            concurrency = OptionalDouble.of(amount.value());
        }
        outside |= measure.unit() == Unit.TOTAL;
        metrics.add(tracking(measure, amount.value()));
        asked.add(KubeMetric.of(measure, amount.value()));
    }

    /// A metric that keeps a measure at its target.
    static Metric tracking(Measure measure, double target) {
        return switch (measure.unit()) {
            case TOTAL -> Metric.shared(measure.signal(), target);
            case SECONDS -> Metric.value(measure.signal(), "s", target);
            case SHARE -> Metric.utilization(measure.signal(), percent(target));
        };
    }

    static int percent(double share) {
        return (int) Math.max(1, share * 100 + 0.5);
    }

    static String expected(Measure measure) {
        return switch (measure.unit()) {
            case TOTAL -> "a number above 0 a replica, such as 8";
            case SECONDS -> "a duration such as 500ms or 5s";
            case SHARE -> "a share such as 70%";
        };
    }

    private Kubernetes kubernetes(MappingCursor metric) {
        return new Kubernetes(
                metric,
                new Resource(metric, MetricKeys.RESOURCE, false),
                new Resource(metric, MetricKeys.CONTAINER_RESOURCE, true),
                new Custom(metric, MetricKeys.PODS),
                new Custom(metric, MetricKeys.OBJECT),
                new Custom(metric, MetricKeys.EXTERNAL));
    }

    /// All forms of one entry; only that of its type counts.
    private record Kubernetes(
            MappingCursor at,
            Resource resource,
            Resource container,
            Custom pods,
            Custom object,
            Custom external) {
        void add(MetricKeys.Type.Kubernetes type) {
            switch (type) {
                case RESOURCE -> resource.add(at);
                case CONTAINER_RESOURCE -> container.add(at);
                case PODS -> pods.add(at, "AverageValue");
                case OBJECT -> object.add(at, "Value");
                case EXTERNAL -> external.add(at, "Value");
            }
        }
    }

    private static final class Target {
        private final MappingCursor at;
        private final Optional<String> type;
        private final Optional<Integer> utilization;
        private final Optional<Double> average;
        private final Optional<Double> value;

        Target(MappingCursor owner) {
            at = owner.child(MetricKeys.KUBERNETES_TARGET);
            type = at.find(MetricKeys.TARGET_TYPE);
            utilization = at.find(MetricKeys.UTILIZATION);
            average = at.find(MetricKeys.AVERAGE_VALUE);
            value = at.find(MetricKeys.VALUE);
        }

        /// The value that the type names; a problem when it is not there.
        Optional<Double> of(List<String> types) {
            if (type.isEmpty()) {
                return Optional.empty();
            }
            if (!types.contains(type.get())) {
                at.problem(MetricKeys.TARGET_TYPE, String.join(" or ", types));
                return Optional.empty();
            }
            Key.Value<?> key =
                    switch (type.get()) {
                        case "Utilization" -> MetricKeys.UTILIZATION;
                        case "AverageValue" -> MetricKeys.AVERAGE_VALUE;
                        default -> MetricKeys.VALUE;
                    };
            if (!at.has(key)) {
                at.problem(key, "given with the type " + type.get());
            }
            return switch (type.get()) {
                case "Utilization" -> utilization.map(Integer::doubleValue);
                case "AverageValue" -> average;
                default -> value;
            };
        }

        boolean is(String name) {
            return type.filter(name::equals).isPresent();
        }
    }

    private final class Resource {
        private final Key.Section key;
        private final MappingCursor section;
        private final Optional<String> name;
        private final Target target;

        Resource(MappingCursor metric, Key.Section key, boolean container) {
            this.key = key;
            section = metric.child(key);
            name = section.find(MetricKeys.RESOURCE_NAME);
            target = new Target(section);
            if (container) {
                // Read so that a wrong one is found; a replica here is one container.
                section.find(MetricKeys.CONTAINER).ifPresent(_ -> {});
            }
        }

        void add(MappingCursor metric) {
            if (!metric.has(key)) {
                metric.problem(key, "given with its type");
                return;
            }
            Optional<Double> value = target.of(List.of("Utilization", "AverageValue"));
            if (name.isEmpty() || value.isEmpty()) {
                return;
            }
            Signal signal = name.get().equals("cpu") ? Signal.CPU : Signal.MEMORY;
            if (target.is("Utilization")) {
                metrics.add(Metric.utilization(signal, value.get().intValue()));
                asked.add(
                        new KubeMetric(
                                KubeMetric.Source.RESOURCE,
                                name.get(),
                                KubeMetric.Target.UTILIZATION,
                                value.get()));
            } else if (signal == Signal.CPU && cores.isPresent()) {
                double each = cores.get();
                asked.add(
                        new KubeMetric(
                                KubeMetric.Source.RESOURCE,
                                name.get(),
                                KubeMetric.Target.AVERAGE_VALUE,
                                value.get()));
                metrics.add(
                        new Metric(
                                "cpu %s cores".formatted(plain(value.get())),
                                Metric.Kind.PODS,
                                seen -> seen.get(Signal.CPU) * each,
                                value.get()));
            } else {
                target.at.problem(
                        MetricKeys.TARGET_TYPE,
                        "Utilization; AverageValue only of cpu where resources.cpu is given");
            }
        }
    }

    private final class Custom {
        private final Key.Section key;
        private final MappingCursor metric;
        private final Optional<String> name;
        private final Target target;

        Custom(MappingCursor owner, Key.Section key) {
            this.key = key;
            MappingCursor section = owner.child(key);
            metric = section.child(MetricKeys.METRIC);
            name = metric.find(MetricKeys.METRIC_NAME);
            Map<String, String> selected =
                    metric.child(MetricKeys.SELECTOR).labels(MetricKeys.MATCH_LABELS);
            name.ifPresent(each -> labels.put(each, selected));
            target = new Target(section);
            if (key.equals(MetricKeys.OBJECT)) {
                MappingCursor object = section.child(MetricKeys.DESCRIBED);
                for (Key.Value<String> each :
                        List.of(
                                MetricKeys.OBJECT_VERSION,
                                MetricKeys.OBJECT_KIND,
                                MetricKeys.OBJECT_NAME)) {
                    object.find(each).ifPresent(_ -> {});
                }
            }
        }

        /// @param other the type beside `AverageValue`
        void add(MappingCursor owner, String other) {
            if (!owner.has(key)) {
                owner.problem(key, "given with its type");
                return;
            }
            boolean pods = key.equals(MetricKeys.PODS);
            Optional<Double> value =
                    target.of(pods ? List.of(other) : List.of(other, "AverageValue"));
            if (name.isEmpty() || value.isEmpty()) {
                return;
            }
            Optional<Reading> reading = reading(name.get());
            if (reading.isEmpty()) {
                metric.problem(
                        MetricKeys.METRIC_NAME,
                        "one of sources, or a metric that is measured here"
                                + Nearest.hint(name.get(), known()));
                return;
            }
            outside |= !pods;
            asked.add(
                    new KubeMetric(
                            pods
                                    ? KubeMetric.Source.PODS
                                    : key.equals(MetricKeys.OBJECT)
                                            ? KubeMetric.Source.OBJECT
                                            : KubeMetric.Source.EXTERNAL,
                            name.get(),
                            pods || target.is("AverageValue")
                                    ? KubeMetric.Target.AVERAGE_VALUE
                                    : KubeMetric.Target.VALUE,
                            value.get()));
            Metric.Kind kind =
                    pods
                            ? Metric.Kind.PODS
                            : target.is("AverageValue") ? Metric.Kind.SHARED : Metric.Kind.VALUE;
            ToDoubleFunction<Signals> total = reading.get().value();
            boolean shared = reading.get().total();
            metrics.add(
                    new Metric(
                            "%s %s%s"
                                    .formatted(
                                            name.get(),
                                            plain(value.get()),
                                            kind == Metric.Kind.VALUE ? "" : " a replica"),
                            kind,
                            pods && shared
                                    ? seen -> total.applyAsDouble(seen) / seen.ready()
                                    : total,
                            value.get()));
        }

        private List<String> known() {
            List<String> known = new ArrayList<>(sources);
            known.addAll(Measure.metricNames());
            return known;
        }

        private Optional<Reading> reading(String metric) {
            if (sources.contains(metric)) {
                return Optional.of(new Reading(seen -> seen.named(metric), true));
            }
            return Measure.byMetricName(metric)
                    .map(alias -> {
                        Signal signal = alias.measure().signal();
                        double scale = alias.scale();
                        return new Reading(
                                seen -> seen.get(signal) * scale,
                                alias.measure().unit() == Unit.TOTAL);
                    });
        }
    }

    /// @param total whether it is a number over all replicas
    private record Reading(ToDoubleFunction<Signals> value, boolean total) {}

    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
