package dev.tidemill.spec.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.Problem;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.fleet.FleetPlan;
import dev.tidemill.scaling.knative.KpaPolicy;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ParsedSpec;
import dev.tidemill.spec.SpecParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ScalingTest {
    private static final String MODEL =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: digits}
            spec:
              source: digits
            """;

    /// As the articles write it, but for what Kubernetes calls `spec`.
    private static final String ARTICLE =
            """
              scaling:
                min: 2
                max: 20
                metrics:
                  - type: Resource
                    resource:
                      name: cpu
                      target:
                        type: Utilization
                        averageUtilization: 70
                  - type: Resource
                    resource:
                      name: memory
                      target:
                        type: Utilization
                        averageUtilization: 80
                  - type: Pods
                    pods:
                      metric:
                        name: http_requests_waiting
                      target:
                        type: AverageValue
                        averageValue: "50"
                behavior:
                  scaleUp:
                    stabilizationWindowSeconds: 0
                    policies:
                      - type: Percent
                        value: 100
                        periodSeconds: 60
                      - type: Pods
                        value: 4
                        periodSeconds: 60
                  scaleDown:
                    stabilizationWindowSeconds: 300
                    policies:
                      - type: Percent
                        value: 20
                        periodSeconds: 60
            """;

    private long now = Instant.parse("2026-11-23T00:00:00Z").toEpochMilli();

    @Test
    void a_file_of_kubernetes_own_words_is_an_autoscaler() {
        Scaling scaling = read(ARTICLE);
        assertThat(scaling.policy()).isEqualTo(PolicyKind.HPA);
        assertThat(scaling.hpa().metrics())
                .extracting(metric -> metric.label())
                .containsExactly("cpu 70 %", "memory 80 %", "http_requests_waiting 50 a replica");
        Verdict verdict =
                Policies.of(scaling)
                        .start()
                        .decide(
                                Signals.at(now, 4, 4)
                                        .with(Signal.CPU, 0.5)
                                        .with(Signal.MEMORY, 0.4)
                                        .with(Signal.WAITING, 300)
                                        .build());
        assertThat(verdict.policy()).isEqualTo("hpa");
        assertThat(verdict.replicas()).isEqualTo(6);
        assertThat(verdict.reason()).contains("http_requests_waiting 50 a replica");
    }

    @Test
    void rates_of_the_behavior_count() {
        Policy.Session session = Policies.of(read(ARTICLE)).start();
        Signals.Builder flood =
                Signals.at(now, 2, 2)
                        .with(Signal.CPU, 0.9)
                        .with(Signal.MEMORY, 0.4)
                        .with(Signal.WAITING, 5000);
        assertThat(session.decide(flood.build()).replicas()).isEqualTo(6);
    }

    @Test
    void an_objective_alone_chooses_its_policy() {
        Scaling scaling = read("  scaling: {max: 9, objective: {latency: 2s, late: 1%}}\n");
        assertThat(scaling.policy()).isEqualTo(PolicyKind.OBJECTIVE);
        assertThat(scaling.objective()).isEqualTo(Objective.wait(Duration.ofSeconds(2), 0.01));
        assertThat(Policies.of(scaling).name()).isEqualTo("objective");
    }

    @Test
    void knatives_own_names_set_its_autoscaler() {
        Scaling scaling =
                read(
                        """
                          scaling:
                            min: 0
                            kpa:
                              metric: rps
                              target: "150"
                              target-utilization-percentage: 80
                              window: 90s
                              panic-threshold-percentage: 150
                              scale-down-delay: 5m
                        """);
        KpaPolicy.Settings kpa = scaling.kpa();
        assertThat(scaling.policy()).isEqualTo(PolicyKind.KPA);
        assertThat(kpa.target()).isEqualTo(120);
        assertThat(kpa.stableWindow()).isEqualTo(Duration.ofSeconds(90));
        assertThat(kpa.panicWindow()).isEqualTo(Duration.ofSeconds(9));
        assertThat(kpa.panicThreshold()).isEqualTo(1.5);
        assertThat(kpa.downDelay()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void a_scaled_object_of_keda_is_read_by_its_own_names() {
        Scaling scaling =
                read(
                        """
                          scaling:
                            min: 0
                            max: 30
                            keda:
                              pollingInterval: 10
                              cooldownPeriod: 60
                              triggers:
                                - type: prometheus
                                  name: queue
                                  metadata:
                                    serverAddress: http://prometheus:9090
                                    query: sum(queue_depth)
                                    threshold: "100"
                                    activationThreshold: "5"
                                - type: kafka
                                  metadata: {bootstrapServers: "k:9092", consumerGroup: w, topic: t, lagThreshold: "50"}
                              fallback: {failureThreshold: 3, replicas: 6}
                              advanced:
                                scalingModifiers: {formula: "max(queue, kafka ?? 0)", target: "100", activationTarget: "5"}
                        """);
        assertThat(scaling.policy()).isEqualTo(PolicyKind.KEDA);
        assertThat(scaling.sources())
                .contains(
                        new MetricSource.Prometheus(
                                "queue", "http://prometheus:9090", "sum(queue_depth)"));
        Policy.Session session = Policies.of(scaling).start();
        assertThat(session.decide(queue(0, 3)).replicas()).isZero();
        now += 30_000;
        assertThat(session.decide(queue(0, 250)).replicas()).isEqualTo(1);
        now += 30_000;
        assertThat(session.decide(queue(1, 250)).replicas()).isEqualTo(3);
    }

    @Test
    void a_source_that_is_called_like_a_measure_is_that_measure() {
        assertThat(source("lag").signal()).contains(Signal.LAG);
        assertThat(source("kafka_consumergroup_lag").signal()).contains(Signal.LAG);
        assertThat(source("DCGM_FI_DEV_GPU_UTIL").signal()).contains(Signal.GPU);
        assertThat(source("DCGM_FI_DEV_GPU_UTIL").scale()).isEqualTo(100);
        assertThat(source("jobs").signal()).isEmpty();
    }

    private static MetricSource source(String name) {
        return new MetricSource.Prometheus(name, "http://prometheus:9090", name);
    }

    private Signals queue(int replicas, double depth) {
        return Signals.at(now, replicas, replicas).with("queue", depth).build();
    }

    @Test
    void the_articles_rules_are_a_list() {
        Scaling scaling =
                read(
                        """
                          scaling:
                            min: 1
                            max: 20
                            rules:
                              - {metric: cpu, threshold: 70%}
                              - {metric: queueDepth, threshold: 100, action: track}
                              - {metric: p99, threshold: 500ms}
                              - {metric: gpu, threshold: 80%, action: double}
                              - {metric: cpu, threshold: 30%, action: shrink, floor: 2}
                        """);
        assertThat(scaling.policy()).isEqualTo(PolicyKind.RULES);
        Verdict verdict =
                Policies.of(scaling)
                        .start()
                        .decide(
                                Signals.at(now, 5, 5)
                                        .with(Signal.CPU, 0.5)
                                        .with(Signal.QUEUE_DEPTH, 100)
                                        .with(Signal.P99, 0.1)
                                        .with(Signal.GPU, 0.93)
                                        .build());
        assertThat(verdict.replicas()).isEqualTo(10);
        assertThat(verdict.reason()).isEqualTo("gpu at 93 %: multiplied, 10");
    }

    @Test
    void a_schedule_warms_up_before_the_nine_o_clock_class() {
        Scaling scaling =
                read(
                        """
                          scaling:
                            max: 10
                            replica: {startUp: 2m}
                            schedules:
                              - {name: class, cron: "0 9 * * MON-FRI", for: 2h, zone: Asia/Shanghai, min: 6}
                        """);
        Policy.Session session = Policies.of(scaling).start();
        // 08:57:59 in Shanghai.
        now = Instant.parse("2026-11-23T00:57:59Z").toEpochMilli();
        assertThat(session.decide(idle()).replicas()).isEqualTo(1);
        now += 1000;
        assertThat(session.decide(idle()).replicas()).isEqualTo(6);
    }

    @Test
    void a_source_of_one_s_own_gets_a_query_from_the_selector() {
        Scaling scaling =
                read(
                        """
                          scaling:
                            min: 0
                            sources: [{name: jobs, server: "http://127.0.0.1:9090"}]
                            metrics:
                              - type: External
                                external:
                                  metric: {name: jobs, selector: {matchLabels: {queue: ai-tasks}}}
                                  target: {type: AverageValue, averageValue: "100"}
                        """);
        assertThat(scaling.sources())
                .containsExactly(
                        new MetricSource.Prometheus(
                                "jobs", "http://127.0.0.1:9090", "sum(jobs{queue=\"ai-tasks\"})"));
        Policy.Session session = Policies.of(scaling).start();
        assertThat(session.decide(Signals.at(now, 0, 0).with("jobs", 150).build()).replicas())
                .isEqualTo(2);
    }

    @Test
    void kinds_of_replicas_make_up_the_cheapest_fleet() {
        Scaling scaling =
                read(
                        """
                          scaling:
                            spotShare: 0.5
                            kinds:
                              - {name: gpu, requestsPerSecond: 40, pricePerHour: 2}
                              - {name: gpu-spot, requestsPerSecond: 40, pricePerHour: 0.7, spot: true}
                        """);
        FleetPlan plan = Policies.fleet(scaling, 80, Map.of());
        assertThat(plan.counts()).isEqualTo(Map.of("gpu", 1, "gpu-spot", 1));
    }

    @Test
    void what_docs_scaling_md_shows_is_right() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "scaling.md"));
        Matcher block = Pattern.compile("(?s)```yaml\\n(.*?)```").matcher(page);
        int blocks = 0;
        while (block.find()) {
            assertThat(problems(block.group(1).indent(2))).isEmpty();
            blocks++;
        }
        assertThat(blocks).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = "RULES", mode = EnumSource.Mode.EXCLUDE)
    void every_policy_can_be_rehearsed_of_a_file_that_chooses_none(PolicyKind kind) {
        Policy policy = Policies.of(read("  scaling: {min: 1, max: 5}\n"), kind);
        assertThat(policy.name()).isEqualTo(kind.word());
        assertThat(policy.start().decide(idle()).replicas()).isBetween(1, 5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {policy: hpb} | policy: 'hpb' (expected: concurrency, hpa, kpa, keda, rules or objective; nearest: 'hpa')
                    {policy: objective} | objective: 'missing' (expected: given with policy objective: {latency: 2s, late: 1%})
                    {policy: rules} | rules: 'missing' (expected: at least one with policy rules)
                    {objective: {late: 1%}} | objective.latency: 'missing' (expected: a duration such as 250ms, 30s, 5m or 1h30m, from 1ms to 1h)
                    {objective: {latency: 2s, late: 120%}} | objective.late: '120%' (expected: a share above 0 and below 1, such as 1% or 0.01)
                    {objective: {latency: 2s}, kpa: {}} | policy: 'missing' (expected: which one decides, because objective and kpa are described)
                    {schedules: [{cron: "0 25 * * *", for: 1h, zone: UTC, min: 2}]} | schedules[0].cron: '0 25 * * *' (expected: five cron fields (minute hour day month weekday) such as '50 8 * * MON-FRI'; '25' in '25' is not from 0 to 23)
                    {schedules: [{cron: "0 9 * * *", for: 1h, zone: Asia/Shanghia, min: 2}]} | schedules[0].zone: 'Asia/Shanghia' (expected: a time zone such as Asia/Shanghai, Europe/Berlin or UTC; nearest: 'Asia/Shanghai')
                    {schedules: [{cron: "0 9 * * *", for: 1h, zone: UTC, min: 9}]} | schedules[0].min: '9' (expected: at most max, which is 4)
                    {metrics: [{type: p99, target: 70%}]} | metrics[0].target: '70%' (expected: a duration such as 500ms or 5s)
                    {metrics: [{type: Resource}]} | metrics[0].resource: 'missing' (expected: given with its type)
                    {metrics: [{type: Pods, pods: {metric: {name: http_request_waiting}, target: {type: AverageValue, averageValue: 5}}}]} | metrics[0].pods.metric.name: 'http_request_waiting' (expected: one of sources, or a metric that is measured here; nearest: 'http_requests_waiting')
                    {metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageValue: 5}}}]} | metrics[0].resource.target.averageUtilization: 'missing' (expected: given with the type Utilization)
                    {metrics: [{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 5}}}]} | metrics[0].resource.target.type: 'AverageValue' (expected: Utilization; AverageValue only of cpu where resources.cpu is given)
                    {min: 0, policy: hpa} | min: '0' (expected: 1 or more; 0 with an Object or External metric, as in Kubernetes)
                    {behavior: {scaleUp: {policies: [{type: Pods, value: 4, periodSeconds: 15}]}}} | behavior.scaleUp.policies: '[...]' (expected: none with the policy concurrency; hpa and rules have it)
                    {behavior: {scaleUp: {policies: [{type: Pods, value: 0, periodSeconds: 15}]}}, policy: hpa} | behavior.scaleUp.policies[0].value: '0' (expected: a whole number from 1 to 1000000)
                    {rules: [{metric: cpu, threshold: 70}]} | rules[0].threshold: '70' (expected: a share such as 70%)
                    {rules: [{metric: lag, threshold: 5, action: double}]} | rules[0].action: 'double' (expected: track; double and shrink are for shares)
                    {keda: {}} | keda.triggers: 'missing' (expected: a list of at most 20, each with the keys type, name, metricType, metadata, authenticationRef)
                    {keda: {triggers: [{type: prometheus, metadata: {query: up, threshold: 5}}]}} | keda.triggers[0].metadata.serverAddress: 'missing' (expected: given for this type of trigger)
                    {keda: {triggers: [{type: cpu, metadata: {value: 70}}], advanced: {scalingModifiers: {formula: "max(1,", target: 2}}}} | keda.advanced.scalingModifiers.formula: 'max(1,' (expected: a formula over the triggers' names, such as max(queue, 2 * lag); formula: 'max(1,' at 7 (expected: a number, a trigger's name or '('))
                    {kpa: {target-utilization-percentage: 0}} | kpa.target-utilization-percentage: '0' (expected: a number from 1 to 100)
                    {policy: concurrency, metrics: [{type: p99, target: 2s}]} | metrics: '[...]' (expected: one of {type: concurrency, target: N}; other metrics with policy hpa)
                    {sources: [{name: a, server: prometheus}]} | sources[0].server: 'prometheus' (expected: the address of a Prometheus-compatible server such as http://prometheus:9090)
                    """)
    void says_what_is_wrong_and_on_which_line(String scaling, String problem) {
        assertThat(problems("  scaling: " + scaling + "\n"))
                .containsExactly("tidemill.yaml:6: Model/digits spec.scaling." + problem);
    }

    private Signals idle() {
        return Signals.at(now, 1, 1)
                .with(Signal.IN_FLIGHT, 0)
                .with(Signal.ARRIVALS, 0)
                .with(Signal.CPU, 0.1)
                .build();
    }

    private static Scaling read(String scaling) {
        return ((Model) parse(scaling).orThrow().getFirst()).scaling();
    }

    private static List<String> problems(String scaling) {
        return parse(scaling).problems().stream().map(Problem::toString).toList();
    }

    private static ParsedSpec parse(String scaling) {
        return SpecParser.parse(
                "tidemill.yaml", (MODEL + scaling).getBytes(StandardCharsets.UTF_8));
    }
}
