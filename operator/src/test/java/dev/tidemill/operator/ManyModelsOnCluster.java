package dev.tidemill.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// What many Models cost a real API server. Their pods are on nodes that somebody plays:
/// `benchmarks/kubernetes/many` has them.
final class ManyModelsOnCluster {
    private static final int MODELS = Integer.getInteger("tidemill.many", 500);
    private static final int CHANGED = 10;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMinutes(8);
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final int IDLE_CALLS = 20;
    private static final Predicate<String> APPLIES =
            call -> call.startsWith("PATCH ") && !call.endsWith("/status");
    private static final Predicate<String> STATUSES = call -> call.endsWith("/status");
    private static final Predicate<String> WRITES = call -> !call.startsWith("GET ");

    @Test
    void they_cost_few_calls_and_none_while_nothing_changes() {
        RealNamespace.assumeCluster();
        Assumptions.assumeTrue(
                System.getenv("TIDEMILL_FAKE_NODES") != null,
                "TIDEMILL_FAKE_NODES: no nodes that are played");
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            RealNamespace.define(client);
            RealNamespace namespace = RealNamespace.make(client, "many-test");
            try {
                run(namespace);
            } finally {
                namespace.delete();
            }
        }
    }

    private static void run(RealNamespace namespace) {
        namespace.put(
                "Environment",
                "here",
                "{scaling: none, image: {name: nowhere.invalid/none:1, pullPolicy: Never}}");
        for (int i = 0; i < MODELS; i++) {
            model(namespace, i, "1Gi");
        }
        CountedCalls calls = new CountedCalls();
        try (OperatorProcess _ = start(namespace, calls)) {
            Duration made = until(LONG, () -> serving(namespace, 1) == MODELS);
            say("%d models serve after %d s", MODELS, made.toSeconds());
            say("of them: %s", calls);
            say(
                    "objects applied: %d a model; statuses: %.1f a model",
                    calls.of(APPLIES) / MODELS, 1.0 * calls.of(STATUSES) / MODELS);

            calls.forget();
            await().pollDelay(MINUTE).atMost(MINUTE.multipliedBy(2)).until(() -> true);
            say("a minute without a change: %s", calls);
            assertThat(calls.of(_ -> true)).as(calls.toString()).isLessThan(IDLE_CALLS);

            calls.forget();
            for (int i = 0; i < CHANGED; i++) {
                model(namespace, i, "2Gi");
            }
            Duration changed = until(LONG, () -> serving(namespace, 2) == CHANGED);
            say("%d of them changed, after %d s: %s", CHANGED, changed.toSeconds(), calls);
            assertThat(calls.of(APPLIES)).as(calls.toString()).isEqualTo(CHANGED);
            // Of pods that go there is a status more.
            await().pollDelay(QUIET).atMost(QUIET.multipliedBy(2)).until(() -> true);
        }
        restart(namespace);
    }

    /// What changed while no operator was there is the last that it sees to.
    private static void restart(RealNamespace namespace) {
        int last = MODELS - 1;
        model(namespace, last, "2Gi");
        CountedCalls calls = new CountedCalls();
        long begin = System.nanoTime();
        try (OperatorProcess _ = start(namespace, calls)) {
            var _ = until(LONG, () -> serving(namespace, 2) == CHANGED + 1);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            say("restarted, and one changed meanwhile: %.1f s, %s", took.toMillis() / 1e3, calls);
            assertThat(took).isLessThan(SETTLED);
            assertThat(calls.of(APPLIES)).as(calls.toString()).isEqualTo(1);
            assertThat(calls.of(WRITES)).as(calls.toString()).isLessThan(10);
        }
    }

    private static OperatorProcess start(RealNamespace namespace, CountedCalls calls) {
        OperatorProcess process =
                new OperatorProcess(
                        new OperatorConfig(
                                "127.0.0.1",
                                0,
                                Set.of(namespace.name()),
                                Optional.empty(),
                                "test",
                                "0.1.0"),
                        (_, _, _, _) -> "{}",
                        calls.client(),
                        PAUSE,
                        () -> {});
        process.start();
        return process;
    }

    private static void model(RealNamespace namespace, int number, String memory) {
        namespace.put(
                "Model",
                "m%03d".formatted(number),
                """
                ---
                source: digits
                resources: {memory: %s}
                pod:
                  nodeSelector: {type: kwok}
                  tolerations: [{key: kwok.x-k8s.io/node, operator: Exists}]
                """
                        .formatted(memory));
    }

    /// How many of that generation are as they should be.
    private static long serving(RealNamespace namespace, long generation) {
        return namespace.all("Model").list().getItems().stream()
                .filter(model -> model.getMetadata().getGeneration() == generation)
                .filter(model ->
                        model.get("status", "observedGeneration") instanceof Number seen
                                && seen.longValue() == generation)
                .filter(model ->
                        is(model, "Ready", "Serving") && is(model, "Progressing", "Settled"))
                .count();
    }

    private static boolean is(GenericKubernetesResource model, String type, String reason) {
        return model.get("status", "conditions") instanceof List<?> conditions
                && conditions.stream()
                        .map(one -> (Map<?, ?>) one)
                        .anyMatch(one ->
                                type.equals(one.get("type")) && reason.equals(one.get("reason")));
    }

    private static Duration until(
            Duration limit, java.util.concurrent.Callable<Boolean> condition) {
        long begin = System.nanoTime();
        await().atMost(limit).pollInterval(Duration.ofSeconds(1)).until(condition);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static void say(String format, Object... arguments) {
        System.out.println("figure: " + format.formatted(arguments));
    }
}
