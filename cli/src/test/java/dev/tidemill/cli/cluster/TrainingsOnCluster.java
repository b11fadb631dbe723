package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Trainings that are run as Jobs on a real cluster, with their data set in a volume.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class TrainingsOnCluster {
    private static final String IMAGE = "tidemill:0.1.0";
    private static final String CLAIM = "sets";
    private static final Duration TRAINED = Duration.ofMinutes(3);

    @TempDir static Path folder;

    private static RealCluster real;
    private static RealOperator operator;

    @BeforeAll
    static void open() throws Exception {
        real = RealCluster.open("trainings-" + Long.toString(System.nanoTime(), 36), folder);
        operator = new RealOperator(real);
        operator.environment("none");
        fill();
    }

    @AfterAll
    static void close() {
        if (operator != null) {
            operator.close();
        }
        if (real != null) {
            real.close();
        }
    }

    @Test
    void one_is_a_job_after_which_its_model_is_served() {
        operator.put("Training", "digits", training(0.98, "digits"));
        operator.put(
                "Model",
                "digits",
                Map.of("source", "digits@production", "resources", Map.of("memory", "512Mi")));
        operator.put("Gateway", "gateway", Map.of("replicas", 1));

        Duration took =
                Waits.until(
                        "it has been trained",
                        TRAINED,
                        () ->
                                operator.condition("Training", "digits", "Ready")
                                        .startsWith("True Succeeded"));
        Waits.say("figure: trained by a Job after %d s", took.toSeconds());
        assertThat(operator.status("Training", "digits").text("job")).startsWith("digits-");
        Waits.until(
                "its model serves",
                TRAINED,
                () -> operator.condition("Gateway", "gateway", "Ready").startsWith("True"));
        assertThat(real.predictSeven().text()).startsWith("digits: 7 (");
    }

    @Test
    void one_that_is_not_good_enough_says_so_in_its_own_words() {
        operator.put("Training", "strict", training(0.9999, "strict"));

        Waits.until(
                "it has failed",
                TRAINED,
                () ->
                        operator.condition("Training", "strict", "Degraded")
                                .startsWith("True TrainingFailed"));

        assertThat(operator.condition("Training", "strict", "Degraded"))
                .contains("accuracy", "what to do");
    }

    @Test
    void a_program_of_one_s_own_trains_and_what_it_made_is_registered_and_served() {
        operator.put("Training", "own", program("own", "0.93", "1h"));
        operator.put(
                "Model",
                "own",
                Map.of("source", "own@production", "resources", Map.of("memory", "512Mi")));

        Duration took =
                Waits.until(
                        "its program has run and its model is registered",
                        TRAINED,
                        () ->
                                operator.condition("Training", "own", "Ready")
                                        .startsWith("True Succeeded"));
        Waits.say(
                "figure: a program of one's own ran and was registered after %d s",
                took.toSeconds());
        Waits.until(
                "its model serves",
                TRAINED,
                () -> operator.condition("Model", "own", "Ready").startsWith("True"));
        operator.remove("Model", "own");
    }

    @Test
    void a_program_that_is_not_good_enough_fails_with_the_words_of_the_gate() {
        operator.put("Training", "poor", program("poor", "0.5", "1h"));

        Waits.until(
                "it has failed",
                TRAINED,
                () ->
                        operator.condition("Training", "poor", "Degraded")
                                .startsWith("True TrainingFailed"));

        assertThat(operator.condition("Training", "poor", "Degraded"))
                .contains("gate f1: '0.5000' (expected: at least 0.9)");
    }

    @Test
    void one_whose_job_is_cleaned_away_has_still_ended() {
        operator.put("Training", "brief", program("brief", "0.93", "0s"));

        Waits.until(
                "it has ended",
                TRAINED,
                () ->
                        operator.condition("Training", "brief", "Ready")
                                .startsWith("True Succeeded"));
        String job = operator.status("Training", "brief").text("finished", "job");
        Waits.until(
                "its Job has gone, and what was made for it",
                TRAINED,
                () ->
                        real.client().get(real.ref("batch/v1", "Job", job)).isEmpty()
                                && real.client().get(real.ref("v1", "ConfigMap", job)).isEmpty());

        assertThat(operator.condition("Training", "brief", "Ready")).startsWith("True Succeeded");
        assertThat(real.client().get(real.ref("batch/v1", "Job", job))).isEmpty();
    }

    /// One that finds its model ready made.
    private static Map<String, Object> program(String registers, String f1, String ttl) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("trainer", "program");
        spec.put("dataset", Map.of("path", "own"));
        spec.put("gates", List.of(Map.of("metric", "f1", "min", 0.9)));
        spec.put("registers", Map.of("model", registers, "alias", "production"));
        spec.put("timeout", "3m");
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("volume", Map.of("claimName", CLAIM));
        job.put("retries", 0);
        job.put("ttl", ttl);
        job.put("image", IMAGE);
        job.put("command", List.of("bash", "-c"));
        job.put(
                "args",
                List.of(
                        "set -e; cat \"$TIDEMILL_DATASET/classifier.onnx\" >\"$TIDEMILL_OUTPUT/model.onnx\";"
                                + " echo \"{\\\"f1\\\": $F1, \\\"seed\\\": $TIDEMILL_SEED}\""
                                + " >\"$TIDEMILL_OUTPUT/metrics.json\""));
        job.put("env", Map.of("F1", f1));
        job.put("resources", Map.of("cpu", "100m", "memory", "64Mi"));
        spec.put("job", job);
        return spec;
    }

    private static Map<String, Object> training(double accuracy, String registers) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("trainer", "svm");
        spec.put("parameters", Map.of("cost", 10, "gamma", 0.001));
        spec.put("seed", 42);
        spec.put("dataset", Map.of("path", "digits.csv.gz", "label", "label"));
        spec.put("evaluation", Map.of("holdout", 0.2));
        spec.put("gates", List.of(Map.of("metric", "accuracy", "min", accuracy)));
        spec.put("registers", Map.of("model", registers, "alias", "production"));
        spec.put("timeout", "3m");
        spec.put(
                "job",
                Map.of(
                        "volume",
                        Map.of("claimName", CLAIM, "path", "digits"),
                        "retries",
                        0,
                        "resources",
                        Map.of("memory", "512Mi")));
        return spec;
    }

    /// A claim, and a pod that puts the quickstart's data set on its volume.
    private static void fill() throws IOException {
        byte[] set =
                Files.readAllBytes(
                        Path.of("..", "examples", "quickstart", "data", "digits.csv.gz"));
        byte[] model =
                Files.readAllBytes(
                        Path.of(
                                "..",
                                "conformance",
                                "models",
                                "repository",
                                "classifier",
                                "1",
                                "model.onnx"));
        real.create(
                real.ref("v1", "ConfigMap", CLAIM),
                Map.of(
                        "binaryData",
                        Map.of(
                                "digits.csv.gz",
                                Base64.getEncoder().encodeToString(set),
                                "classifier.onnx",
                                Base64.getEncoder().encodeToString(model))));
        real.create(
                real.ref("v1", "PersistentVolumeClaim", CLAIM),
                Map.of(
                        "spec",
                        Map.of(
                                "accessModes",
                                List.of("ReadWriteOnce"),
                                "resources",
                                Map.of("requests", Map.of("storage", "1Gi")))));
        real.create(real.ref("v1", "Pod", "fill"), Map.of("spec", filling()));
        Waits.until(
                "the volume has the data set",
                () ->
                        real.client()
                                .get(real.ref("v1", "Pod", "fill"))
                                .orElseThrow()
                                .text("status", "phase")
                                .equals("Succeeded"));
    }

    private static Map<String, Object> filling() {
        return Map.of(
                "restartPolicy",
                "Never",
                "terminationGracePeriodSeconds",
                0,
                "securityContext",
                Map.of("fsGroup", 10_001),
                "containers",
                List.of(
                        Map.of(
                                "name",
                                "fill",
                                "image",
                                IMAGE,
                                "command",
                                List.of(
                                        "bash",
                                        "-c",
                                        "mkdir -p /to/digits /to/own && cat /from/digits.csv.gz"
                                                + " >/to/digits/digits.csv.gz && cat"
                                                + " /from/classifier.onnx >/to/own/classifier.onnx"),
                                "volumeMounts",
                                List.of(
                                        Map.of("name", "from", "mountPath", "/from"),
                                        Map.of("name", "to", "mountPath", "/to")))),
                "volumes",
                List.of(
                        Map.of("name", "from", "configMap", Map.of("name", CLAIM)),
                        Map.of("name", "to", "persistentVolumeClaim", Map.of("claimName", CLAIM))));
    }
}
