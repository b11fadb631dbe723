package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.fleet.ReplicaKind;
import dev.tidemill.scaling.guard.CronSchedule;
import dev.tidemill.scaling.guard.GuardedPolicy.Safety;
import dev.tidemill.scaling.hpa.HpaSettings;
import dev.tidemill.scaling.hpa.Metric;
import dev.tidemill.scaling.knative.KpaPolicy;
import dev.tidemill.scaling.knative.KpaPolicy.Observed;
import dev.tidemill.scaling.objective.Replica;
import dev.tidemill.spec.cluster.PodKeys;
import dev.tidemill.spec.cluster.ResourceKeys;
import dev.tidemill.spec.scaling.Scaling.Concurrency;
import dev.tidemill.spec.scaling.Scaling.Hpa;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads `scaling`. Every part is read, whichever policy is chosen, so that every problem is found
/// and any policy can be rehearsed.
public final class ScalingReader {
    static final double DEFAULT_TARGET = 8;
    private static final int DEFAULT_MAX = 4;

    private final MappingCursor scaling;
    private final Optional<Double> cores;
    private final Map<String, KindPlace> places = new HashMap<>();
    private boolean refusedRules;

    private ScalingReader(MappingCursor scaling, Optional<Double> cores) {
        this.scaling = scaling;
        this.cores = cores;
    }

    /// @param owner of the key `scaling`
    /// @param cores that one replica may use, when that is limited
    public static Scaling read(MappingCursor owner, Optional<Double> cores) {
        return new ScalingReader(owner.child(ScalingKeys.SCALING), cores).read();
    }

    private Scaling read() {
        int min = scaling.get(ScalingKeys.MIN);
        int max = scaling.find(ScalingKeys.MAX).orElse(Math.max(min, DEFAULT_MAX));
        if (min > max && scaling.isSound(ScalingKeys.MIN) && scaling.isSound(ScalingKeys.MAX)) {
            scaling.problem(ScalingKeys.MIN, "at most max, which is " + max);
            max = Math.max(min, max);
        }
        List<MetricSource> sources = new ArrayList<>();
        List<Located<String>> names = new ArrayList<>();
        List<MappingCursor> declared = scaling.children(ScalingKeys.SOURCES);
        declared.forEach(source -> source.locate(ScalingKeys.SOURCE_NAME).ifPresent(names::add));
        MetricReader metrics = new MetricReader(names.stream().map(Located::value).toList(), cores);
        metrics.read(scaling);
        sources(declared, metrics, sources);
        MappingCursor hpa = scaling.child(ScalingKeys.HPA);
        HpaSettings settings = settings(hpa);
        BehaviorReader behavior = new BehaviorReader(scaling);
        Replica replica = ReplicaReader.read(scaling.child(ObjectiveKeys.REPLICA));
        Safety safety = safety();
        Duration idle = scaling.get(ScalingKeys.IDLE);
        MappingCursor objective = scaling.child(ObjectiveKeys.OBJECTIVE);
        Scaling read =
                new Scaling(
                        min,
                        max,
                        policy(metrics),
                        concurrency(metrics, behavior),
                        new Hpa(
                                metrics.metrics().isEmpty()
                                        ? List.of(Metric.utilization(Signal.CPU, 80))
                                        : metrics.metrics(),
                                metrics.asked().isEmpty()
                                        ? List.of(KubeMetric.of(Measure.CPU, 0.8))
                                        : metrics.asked(),
                                behavior.behavior(settings),
                                settings,
                                hpa.get(ScalingKeys.SYNC_PERIOD)),
                        scaling.has(KpaKeys.KPA)
                                ? kpa(scaling.child(KpaKeys.KPA))
                                : KpaPolicy.Settings.concurrency(100),
                        new KedaReader(sources).read(scaling),
                        rules(),
                        ReplicaReader.objective(objective),
                        ReplicaReader.tuning(objective, idle, safety),
                        replica,
                        schedules(max),
                        idle,
                        safety,
                        sources,
                        kinds(),
                        places,
                        scaling.get(KindKeys.SPOT_SHARE));
        check(read, metrics, behavior);
        return read;
    }

    /// What only the chosen policy needs.
    private void check(Scaling read, MetricReader metrics, BehaviorReader behavior) {
        if (read.policy() == PolicyKind.CONCURRENCY) {
            behavior.onlyWindows();
            if (metrics.given() > 0 && metrics.onlyConcurrency().isEmpty()) {
                needs(
                        MetricKeys.METRICS,
                        "one of {type: concurrency, target: N}; other metrics with policy hpa");
            }
        }
        if (read.policy() == PolicyKind.RULES && read.rules().isEmpty() && !refusedRules) {
            needs(RuleKeys.RULES, "at least one with policy rules");
        }
        if (read.policy() == PolicyKind.OBJECTIVE && !scaling.has(ObjectiveKeys.OBJECTIVE)) {
            needs(ObjectiveKeys.OBJECTIVE, "given with policy objective: {latency: 2s, late: 1%}");
        }
        if (read.policy() == PolicyKind.HPA && read.min() == 0 && !metrics.outside()) {
            needs(
                    ScalingKeys.MIN,
                    "1 or more; 0 with an Object or External metric, as in Kubernetes");
        }
    }

    private void needs(Key key, String expected) {
        if (scaling.isSound(key)) {
            scaling.problem(key, expected);
        }
    }

    private PolicyKind policy(MetricReader metrics) {
        Optional<PolicyKind> given = scaling.find(ScalingKeys.POLICY);
        List<PolicyKind> described = new ArrayList<>();
        if (scaling.has(ObjectiveKeys.OBJECTIVE)) {
            described.add(PolicyKind.OBJECTIVE);
        }
        if (scaling.has(KpaKeys.KPA)) {
            described.add(PolicyKind.KPA);
        }
        if (scaling.has(KedaKeys.KEDA)) {
            described.add(PolicyKind.KEDA);
        }
        if (scaling.has(RuleKeys.RULES)) {
            described.add(PolicyKind.RULES);
        }
        if (metrics.given() > 0 && metrics.onlyConcurrency().isEmpty()) {
            described.add(PolicyKind.HPA);
        }
        if (given.isEmpty() && described.size() > 1 && scaling.isSound(ScalingKeys.POLICY)) {
            scaling.problem(
                    ScalingKeys.POLICY,
                    "which one decides, because %s are described"
                            .formatted(
                                    String.join(
                                            " and ",
                                            described.stream().map(PolicyKind::word).toList())));
        }
        return given.orElse(described.isEmpty() ? PolicyKind.CONCURRENCY : described.getFirst());
    }

    private static Concurrency concurrency(MetricReader metrics, BehaviorReader behavior) {
        return behavior.concurrency(metrics.onlyConcurrency().orElse(DEFAULT_TARGET));
    }

    private static HpaSettings settings(MappingCursor hpa) {
        HpaSettings defaults = HpaSettings.DEFAULT;
        return new HpaSettings(
                hpa.get(ScalingKeys.TOLERANCE),
                defaults.cpuInitialization(),
                defaults.initialReadinessDelay(),
                hpa.get(ScalingKeys.DOWNSCALE_STABILIZATION),
                defaults.scaleUpLimitFactor(),
                defaults.scaleUpLimitMinimum(),
                defaults.configurableTolerance(),
                defaults.podLevelResources());
    }

    private static KpaPolicy.Settings kpa(MappingCursor kpa) {
        Observed observed = kpa.get(KpaKeys.METRIC);
        double target =
                kpa.find(KpaKeys.TARGET).orElse(observed == Observed.CONCURRENCY ? 100.0 : 200.0);
        Duration window = kpa.get(KpaKeys.WINDOW);
        double panic = kpa.get(KpaKeys.PANIC_WINDOW) / 100;
        return new KpaPolicy.Settings(
                observed,
                target * kpa.get(KpaKeys.UTILIZATION) / 100,
                window,
                Duration.ofMillis(Math.max(1, Math.round(window.toMillis() * panic))),
                kpa.get(KpaKeys.PANIC_THRESHOLD) / 100,
                kpa.get(KpaKeys.UP_RATE),
                kpa.get(KpaKeys.DOWN_RATE),
                kpa.get(KpaKeys.DOWN_DELAY),
                kpa.get(KpaKeys.GRACE));
    }

    private List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (MappingCursor rule : scaling.children(RuleKeys.RULES)) {
            Measure measure = rule.get(RuleKeys.METRIC);
            Amount threshold = rule.get(RuleKeys.THRESHOLD);
            Rule.Action action = rule.get(RuleKeys.ACTION);
            double factor = rule.get(RuleKeys.FACTOR);
            int floor = rule.get(RuleKeys.FLOOR);
            int before = rules.size();
            boolean sound =
                    rule.isSound(RuleKeys.METRIC)
                            && rule.isSound(RuleKeys.THRESHOLD)
                            && rule.has(RuleKeys.METRIC)
                            && rule.has(RuleKeys.THRESHOLD);
            if (sound && threshold.unit() != measure.unit()) {
                rule.problem(RuleKeys.THRESHOLD, MetricReader.expected(measure));
            } else if (sound
                    && action != Rule.Action.TRACK
                    && measure.unit() != Measure.Unit.SHARE) {
                rule.problem(RuleKeys.ACTION, "track; double and shrink are for shares");
            } else if (sound) {
                rules.add(new Rule(measure, threshold.value(), action, factor, floor));
            }
            refusedRules |= rules.size() == before;
        }
        return rules;
    }

    private Safety safety() {
        MappingCursor silence = scaling.child(ScalingKeys.SILENCE);
        return new Safety(
                silence.get(ScalingKeys.SILENCE_HOLD),
                silence.find(ScalingKeys.SILENCE_REPLICAS).orElse(0));
    }

    private List<CronSchedule> schedules(int max) {
        List<CronSchedule> schedules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (MappingCursor schedule : scaling.children(ScalingKeys.SCHEDULES)) {
            String name =
                    schedule.find(ScalingKeys.SCHEDULE_NAME)
                            .orElse("schedule-" + (schedules.size() + 1));
            if (!names.add(name)) {
                schedule.problem(ScalingKeys.SCHEDULE_NAME, "a name that no other schedule has");
            }
            int least = schedule.get(ScalingKeys.SCHEDULE_MIN);
            if (least > max && schedule.isSound(ScalingKeys.SCHEDULE_MIN)) {
                schedule.problem(ScalingKeys.SCHEDULE_MIN, "at most max, which is " + max);
            }
            schedules.add(
                    new CronSchedule(
                            name,
                            schedule.get(ScalingKeys.CRON),
                            schedule.get(ScalingKeys.FOR),
                            schedule.get(ScalingKeys.ZONE),
                            least,
                            schedule.get(ScalingKeys.PRE_WARM)));
        }
        return schedules;
    }

    private static void sources(
            List<MappingCursor> declared, MetricReader metrics, List<MetricSource> sources) {
        Set<String> names = new HashSet<>();
        for (MappingCursor source : declared) {
            String name = source.get(ScalingKeys.SOURCE_NAME);
            MetricSource read = source(source, name, metrics);
            if (!names.add(name) && source.isSound(ScalingKeys.SOURCE_NAME)) {
                source.problem(ScalingKeys.SOURCE_NAME, "a name that no other source has");
            }
            sources.add(read);
        }
    }

    private static MetricSource source(MappingCursor source, String name, MetricReader metrics) {
        String server = source.get(ScalingKeys.SOURCE_SERVER);
        Optional<String> query = source.find(ScalingKeys.SOURCE_QUERY);
        KafkaLag lag = KafkaReader.read(source);
        boolean kafka = source.has(KafkaKeys.KAFKA);
        if (kafka == source.has(ScalingKeys.SOURCE_SERVER)) {
            source.problem(ScalingKeys.SOURCE_SERVER, "one of server or kafka");
        } else if (kafka && query.isPresent()) {
            source.problem(ScalingKeys.SOURCE_QUERY, "given with a server only");
        }
        return kafka
                ? new MetricSource.Kafka(name, lag)
                : new MetricSource.Prometheus(
                        name,
                        server,
                        query.orElseGet(() -> PromQl.sum(name, metrics.labels(name))));
    }

    private List<ReplicaKind> kinds() {
        List<ReplicaKind> kinds = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (MappingCursor kind : scaling.children(KindKeys.KINDS)) {
            String name = kind.get(KindKeys.NAME);
            if (!names.add(name) && kind.isSound(KindKeys.NAME)) {
                kind.problem(KindKeys.NAME, "a name that no other kind has");
            }
            places.put(name, place(kind));
            kinds.add(
                    new ReplicaKind(
                            name,
                            kind.get(KindKeys.REQUESTS),
                            kind.get(KindKeys.PRICE),
                            kind.get(KindKeys.SPOT),
                            kind.get(KindKeys.START_UP),
                            kind.get(KindKeys.AVAILABLE)));
        }
        return kinds;
    }

    private static KindPlace place(MappingCursor kind) {
        return new KindPlace(
                kind.has(KindKeys.RESOURCES)
                        ? Optional.of(ResourceKeys.readWithGpu(kind.child(KindKeys.RESOURCES)))
                        : Optional.empty(),
                kind.has(KindKeys.POD) ? Optional.of(PodKeys.read(kind)) : Optional.empty());
    }
}
