package dev.tidemill.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.operator.fake.FakeApiServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Trainings that are run as Jobs, against an API server that keeps objects and runs nothing.
final class TrainingIT {
    private static final String NS = "/api/v1/namespaces/ai";
    private static final String TRAININGS = "/apis/tidemill.dev/v1alpha1/namespaces/ai/trainings/";
    private static final String JOBS = "/apis/batch/v1/namespaces/ai/jobs";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private FakeApiServer api;

    @BeforeEach
    void start() throws IOException {
        api = FakeApiServer.start();
        api.put(NS, "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\"}");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void one_is_a_job_that_runs_and_succeeds_and_what_comes_after_it_waits() {
        training("digits", "");
        training("second", ", after: [digits]");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").equals("True Running"));
            assertThat(jobs()).hasSize(1);
            assertThat(condition("second", "Progressing")).isEqualTo("True Waiting");
            assertThat(job("digits").at("/metadata/ownerReferences/0/kind").asString(""))
                    .isEqualTo("Training");

            ends("digits", "Complete", "");

            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Ready").equals("True Succeeded"));
            assertThat(condition("digits", "Succeeded")).isEqualTo("True Succeeded");
            assertThat(condition("digits", "Running")).isEqualTo("False Succeeded");
            assertThat(condition("digits", "Failed")).isEqualTo("False Succeeded");
            await().atMost(LIMIT)
                    .until(() -> condition("second", "Progressing").equals("True Running"));
            assertThat(api.get(TRAININGS + "digits").orElseThrow().at("/status/job").asString(""))
                    .isEqualTo(name(job("digits")));
        }
    }

    @Test
    void one_that_fails_says_why_in_the_words_of_its_pod() {
        training("digits", "");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").equals("True Running"));
            api.put(
                    NS + "/pods/p1",
                    """
                    {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"app.kubernetes.io/part-of": "tidemill", "app.kubernetes.io/instance": "%s"}},
                     "status": {"phase": "Failed", "containerStatuses": [{"state": {"terminated":
                      {"message": "Training/digits: accuracy 0.71 is below 0.98"}}}]}}
                    """
                            .formatted(name(job("digits"))));
            ends("digits", "Failed", "BackoffLimitExceeded");

            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Degraded").equals("True TrainingFailed"));
            assertThat(condition("digits", "Failed")).isEqualTo("True TrainingFailed");
            assertThat(condition("digits", "Succeeded")).isEqualTo("False Failed");
            // Its Job and its pod come by two watches, in any order.
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(
                                            api.get(TRAININGS + "digits")
                                                    .orElseThrow()
                                                    .at("/status")
                                                    .toString())
                                    .contains(
                                            "BackoffLimitExceeded",
                                            "accuracy 0.71 is below 0.98",
                                            "what to do"));
        }
    }

    @Test
    void another_spec_is_another_job_and_the_one_before_goes() {
        training("digits", "");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT).until(() -> jobs().size() == 1);
            String first = name(jobs().getFirst());

            api.put(TRAININGS + "digits", "{\"spec\": {\"timeout\": \"30m\"}}");

            await().atMost(LIMIT)
                    .until(() -> jobs().size() == 1 && !name(jobs().getFirst()).equals(first));
        }
    }

    private void training(String name, String more) {
        api.put(
                TRAININGS + name,
                """
                {"apiVersion": "tidemill.dev/v1alpha1", "kind": "Training",
                 "spec": {"trainer": "svm", "parameters": {"gamma": 0.0002}, "dataset": {"path": "digits.csv", "label": "label"},
                  "registers": {"model": "%s"}, "job": {"volume": {"claimName": "sets"}}%s}}
                """
                        .formatted(
                                name, more.replace("after: [digits]", "\"after\": [\"digits\"]")));
    }

    private void ends(String training, String how, String reason) {
        api.put(
                JOBS + "/" + name(job(training)),
                """
                {"status": {"conditions": [{"type": "%s", "status": "True", "reason": "%s", "message": "so it is"}]}}
                """
                        .formatted(how, reason));
    }

    private List<JsonNode> jobs() {
        return api.list(JOBS);
    }

    private JsonNode job(String training) {
        return jobs().stream()
                .filter(job -> name(job).startsWith(training + "-training-"))
                .findFirst()
                .orElseThrow();
    }

    private static String name(JsonNode one) {
        return one.at("/metadata/name").asString("");
    }

    private String condition(String training, String type) {
        for (JsonNode one : api.get(TRAININGS + training).orElseThrow().at("/status/conditions")) {
            if (one.path("type").asString("").equals(type)) {
                return one.path("status").asString("") + " " + one.path("reason").asString("");
            }
        }
        return "";
    }

    private OperatorProcess operator() {
        OperatorProcess process =
                new OperatorProcess(
                        new OperatorConfig(
                                "127.0.0.1", 0, Set.of(), Optional.empty(), "test", "0.1.0"),
                        (_, _, _, _) -> "{}",
                        api.client(),
                        Duration.ofMillis(50),
                        () -> {});
        process.start();
        return process;
    }
}
