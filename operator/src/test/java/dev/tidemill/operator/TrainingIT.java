package dev.tidemill.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.operator.fake.FakeApiServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Trainings that are run as Jobs, against an API server that keeps objects and runs nothing.
final class TrainingIT {
    private static final String NS = "/api/v1/namespaces/ai";
    private static final String TRAININGS = "/apis/tidemill.dev/v1alpha1/namespaces/ai/trainings/";
    private static final String JOBS = "/apis/batch/v1/namespaces/ai/jobs";
    private static final String TRAIN_JOBS =
            "/apis/trainer.kubeflow.org/v1alpha1/namespaces/ai/trainjobs";
    private static final String TRAINING =
            """
            {"apiVersion": "tidemill.dev/v1alpha1", "kind": "Training",
             "spec": {"trainer": "svm", "parameters": {"gamma": 0.0002}, "dataset": {"path": "digits.csv", "label": "label"},
              "registers": {"model": "%s"}, "job": {"volume": {"claimName": "sets"}}%s}}
            """;
    private static final String PROGRAM =
            """
            {"apiVersion": "tidemill.dev/v1alpha1", "kind": "Training",
             "spec": {"trainer": "program", "dataset": {"path": "faces"}, "registers": {"model": "faces"},
              "job": {"volume": {"claimName": "sets"}, "image": "example.com/faces:3"%s}}}
            """;
    private static final String TRAIN_JOB =
            ", \"trainJob\": {\"runtime\": \"torch-distributed\", \"output\": {\"claimName\": \"models\"}}";
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

    @Test
    void one_that_has_ended_is_not_run_again_when_its_job_has_gone() {
        training("digits", "");
        training("second", ", after: [digits]");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT).until(() -> jobs().size() == 1);
            String name = name(job("digits"));
            ends("digits", "Complete", "");
            await().atMost(LIMIT).until(() -> finished("digits").equals(name + " Succeeded"));

            api.delete(JOBS + "/" + name);

            // What was made for the Job goes with it, and that is the look in which it could be
            // made again.
            await().atMost(LIMIT).until(() -> api.get(NS + "/configmaps/" + name).isEmpty());
            assertThat(jobs()).noneMatch(job -> name(job).equals(name));
            assertThat(condition("digits", "Ready")).isEqualTo("True Succeeded");
            await().atMost(LIMIT)
                    .until(() -> condition("second", "Progressing").equals("True Running"));
        }
        try (OperatorProcess _ = operator()) {
            api.put(TRAININGS + "third", TRAINING.formatted("third", ""));
            await().atMost(LIMIT)
                    .until(() -> condition("third", "Progressing").equals("True Running"));
            assertThat(jobs()).noneMatch(job -> name(job).startsWith("digits-"));
            assertThat(condition("digits", "Ready")).isEqualTo("True Succeeded");
        }
    }

    @Test
    void one_that_has_failed_keeps_its_words_when_its_job_has_gone() {
        training("digits", "");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT).until(() -> jobs().size() == 1);
            String name = name(job("digits"));
            pod(name, "initContainerStatuses", "no memory left on the device");
            ends("digits", "Failed", "BackoffLimitExceeded");
            await().atMost(LIMIT).until(() -> status("digits").contains("no memory left"));

            // As Kubernetes does it: pods first.
            api.delete(NS + "/pods/p1");
            api.delete(JOBS + "/" + name);

            await().atMost(LIMIT).until(() -> api.get(NS + "/configmaps/" + name).isEmpty());
            assertThat(jobs()).isEmpty();
            assertThat(condition("digits", "Degraded")).isEqualTo("True TrainingFailed");
            assertThat(status("digits")).contains("BackoffLimitExceeded", "no memory left");
        }
    }

    @Test
    void one_whose_job_is_lost_before_it_has_ended_is_run_again() {
        training("digits", "");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").equals("True Running"));
            String uid = job("digits").at("/metadata/uid").asString("");

            api.delete(JOBS + "/" + name(job("digits")));

            await().atMost(LIMIT)
                    .until(() ->
                            jobs().size() == 1
                                    && !job("digits").at("/metadata/uid").asString("").equals(uid));
        }
    }

    @Test
    void a_mistake_that_was_made_and_mended_runs_nothing_again() {
        training("digits", "");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT).until(() -> jobs().size() == 1);
            String name = name(job("digits"));
            ends("digits", "Complete", "");
            await().atMost(LIMIT).until(() -> finished("digits").equals(name + " Succeeded"));
            api.delete(JOBS + "/" + name);
            await().atMost(LIMIT).until(() -> api.get(NS + "/configmaps/" + name).isEmpty());

            api.put(TRAININGS + "digits", "{\"spec\": {\"trainer\": \"smv\"}}");
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Degraded").equals("True InvalidSpec"));
            api.put(TRAININGS + "digits", "{\"spec\": {\"trainer\": \"svm\"}}");

            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Ready").equals("True Succeeded"));
            assertThat(jobs()).isEmpty();
        }
    }

    @Test
    void one_that_is_made_again_is_run_again() {
        training("digits", "");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT).until(() -> jobs().size() == 1);
            String name = name(job("digits"));
            ends("digits", "Complete", "");
            await().atMost(LIMIT).until(() -> finished("digits").equals(name + " Succeeded"));

            api.delete(TRAININGS + "digits");
            training("digits", "");

            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").equals("True Running"));
            assertThat(name(job("digits"))).isEqualTo(name);
        }
    }

    @Test
    void a_job_of_a_training_that_is_no_more_says_nothing_of_one_of_its_name() {
        training("digits", "");
        String name;
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT).until(() -> jobs().size() == 1);
            name = name(job("digits"));
        }
        api.put(
                JOBS + "/" + name,
                "{\"metadata\": {\"ownerReferences\": [{\"kind\": \"Training\", \"uid\": \"gone\"}]}}");
        ends("digits", "Complete", "");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").equals("True Making"));

            // Kubernetes gets round to it.
            api.delete(JOBS + "/" + name);

            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").equals("True Running"));
            assertThat(finished("digits")).isBlank();
        }
    }

    @Test
    void a_job_may_go_only_when_the_status_says_how_it_ended() {
        api.put(
                TRAININGS + "digits",
                TRAINING.formatted("digits", "")
                        .replace("\"sets\"}", "\"sets\"}, \"ttl\": \"1h\""));
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").equals("True Running"));
            assertThat(job("digits").at("/spec/ttlSecondsAfterFinished").isMissingNode()).isTrue();

            ends("digits", "Complete", "");

            await().atMost(LIMIT).until(() -> isLimited("digits"));
            List<String> bodies = api.bodies();
            assertThat(first(bodies, "ttlSecondsAfterFinished"))
                    .isGreaterThan(first(bodies, "\"outcome\":\"Succeeded\""));
        }
    }

    @Test
    void one_that_is_made_again_may_go_too() {
        String training =
                TRAINING.formatted("digits", "").replace("\"sets\"}", "\"sets\"}, \"ttl\": \"1h\"");
        api.put(TRAININGS + "digits", training);
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").equals("True Running"));
            String first = job("digits").at("/metadata/uid").asString("");
            ends("digits", "Complete", "");
            await().atMost(LIMIT).until(() -> isLimited("digits"));

            api.delete(TRAININGS + "digits");
            api.put(TRAININGS + "digits", training);
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").equals("True Running"));
            assertThat(job("digits").at("/metadata/uid").asString("")).isNotEqualTo(first);
            assertThat(isLimited("digits")).isFalse();
            ends("digits", "Complete", "");

            await().atMost(LIMIT).until(() -> isLimited("digits"));
        }
    }

    private boolean isLimited(String training) {
        return job(training).at("/spec/ttlSecondsAfterFinished").asInt(0) == 3600;
    }

    @Test
    void a_program_of_one_s_own_runs_in_the_job_s_pod() {
        api.put(TRAININGS + "faces", PROGRAM.formatted(""));
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("faces", "Progressing").equals("True Running"));

            assertThat(job("faces").at("/spec/template/spec/initContainers/0/image").asString(""))
                    .isEqualTo("example.com/faces:3");
        }
    }

    @Test
    void a_train_job_runs_first_and_what_it_made_is_registered_then() {
        api.put(TRAININGS + "faces", PROGRAM.formatted(TRAIN_JOB));
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("faces", "Progressing").equals("True Running"));
            String name = name(api.list(TRAIN_JOBS).getFirst());
            assertThat(status("faces")).contains("trainjob/" + name + " runs");
            assertThat(jobs()).isEmpty();

            ends(TRAIN_JOBS + "/" + name, "Complete", "");

            await().atMost(LIMIT).until(() -> jobs().size() == 1);
            String job = name(job("faces"));
            ends("faces", "Complete", "");
            await().atMost(LIMIT).until(() -> finished("faces").equals(job + " Succeeded"));
            api.delete(JOBS + "/" + job);
            await().atMost(LIMIT).until(() -> api.list(TRAIN_JOBS).isEmpty());
            assertThat(jobs()).isEmpty();
        }
    }

    @Test
    void a_train_job_that_fails_says_why_and_nothing_is_registered() {
        api.put(TRAININGS + "faces", PROGRAM.formatted(TRAIN_JOB));
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT).until(() -> api.list(TRAIN_JOBS).size() == 1);
            String name = name(api.list(TRAIN_JOBS).getFirst());

            ends(TRAIN_JOBS + "/" + name, "Failed", "DeadlineExceeded");

            await().atMost(LIMIT)
                    .until(() -> condition("faces", "Degraded").equals("True TrainingFailed"));
            assertThat(status("faces"))
                    .contains("trainjob/" + name + " failed: DeadlineExceeded", "so it is");
            assertThat(jobs()).isEmpty();
            assertThat(api.list(TRAIN_JOBS)).hasSize(1);
        }
    }

    @Test
    void where_there_is_no_kubeflow_a_train_job_says_so() {
        api.hide("/apis/trainer.kubeflow.org/v1alpha1");
        api.put(TRAININGS + "faces", PROGRAM.formatted(TRAIN_JOB));
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("faces", "Degraded").equals("True KindUnknown"));
            assertThat(status("faces"))
                    .contains("this cluster knows no TrainJob", "restart the operator");
            assertThat(jobs()).isEmpty();
        }
    }

    private static int first(List<String> bodies, String text) {
        for (int i = 0; i < bodies.size(); i++) {
            if (bodies.get(i).contains(text)) {
                return i;
            }
        }
        throw new AssertionError("nothing with " + text);
    }

    private void pod(String job, String containers, String words) {
        api.put(
                NS + "/pods/p1",
                """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"app.kubernetes.io/part-of": "tidemill", "app.kubernetes.io/instance": "%s"}},
                 "status": {"phase": "Failed", "%s": [{"state": {"terminated": {"message": "%s"}}}]}}
                """
                        .formatted(job, containers, words));
    }

    private String finished(String training) {
        JsonNode finished = api.get(TRAININGS + training).orElseThrow().at("/status/finished");
        return finished.path("job").asString("") + " " + finished.path("outcome").asString("");
    }

    private String status(String training) {
        return api.get(TRAININGS + training).orElseThrow().at("/status").toString();
    }

    private void training(String name, String more) {
        api.put(
                TRAININGS + name,
                TRAINING.formatted(
                        name, more.replace("after: [digits]", "\"after\": [\"digits\"]")));
    }

    private void ends(String what, String how, String reason) {
        api.put(
                what.startsWith("/") ? what : JOBS + "/" + name(job(what)),
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
        return OneOperator.of(api);
    }
}
