package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemill.manifests.yaml.YamlWriter;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.Training;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A training as a Job, compared with what somebody looked at last.
final class TrainingObjectsTest {
    private static final String TRAINING =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Training
            metadata: {name: digits}
            spec:
              trainer: svm
              parameters: {gamma: 0.0002}
              dataset: {path: digits.csv.gz, label: label}
              registers: {model: digits, alias: production}
              timeout: 20m
            """;
    private static final String JOB =
            """
              job:
                volume: {claimName: sets, path: digits}
                retries: 3
                resources: {memory: 1Gi, gpu: 1}
                pod: {nodeSelector: {nvidia.com/gpu: "true"}}
            """;

    private static final String PROGRAM =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Training
            metadata: {name: faces}
            spec:
              trainer: program
              dataset: {path: faces/2026, label: name}
              gates: [{metric: f1, min: 0.9}]
              registers: {model: faces, alias: production}
              timeout: 2h
              job:
                volume: {claimName: sets, path: images}
                retries: 1
                image: example.com/faces-trainer:3
                command: [python, train.py]
                args: [--rate, 0.01]
                env: {EPOCHS: 20, ALL: $(TIDEMILL_SEED)}
                resources: {cpu: 4, memory: 16Gi, gpu: 1}
            """;
    private static final String TRAIN_JOB =
            """
                trainJob: {runtime: torch-distributed, nodes: 2, output: {claimName: models, path: runs}}
            """;

    @ParameterizedTest
    @CsvSource({"training", "training-program", "training-trainjob"})
    void it_is_what_it_was(String golden) throws Exception {
        String document =
                switch (golden) {
                    case "training-program" -> PROGRAM;
                    case "training-trainjob" -> PROGRAM + TRAIN_JOB;
                    default -> TRAINING + JOB;
                };
        String made = YamlWriter.documents(of(document).stream().map(KubeObject::fields).toList());
        Path path = Path.of("src", "test", "resources", golden + ".yaml");
        if (Boolean.getBoolean("tidemill.update")) {
            Files.writeString(path, made);
        }

        assertThat(path).as("write it anew with -Dtidemill.update=true").hasContent(made);
    }

    @Test
    void a_program_of_one_s_own_has_no_token_and_nothing_in_common_with_ours_but_its_output() {
        KubeObject job = of(PROGRAM).getLast();
        Map<String, Object> pod = Tree.map(Sample.at(job, "spec.template.spec"));

        assertThat(mounts(pod.get("initContainers")))
                .containsExactly("program-tmp", "data", "output");
        assertThat(mounts(pod.get("containers")))
                .contains("token", "tmp", "data", "output")
                .doesNotContain("program-tmp");
        assertThat(pod.get("automountServiceAccountToken")).isEqualTo(false);
        assertThat(Sample.at(job, "spec.template.spec.initContainers.0.securityContext"))
                .isEqualTo(Pods.containerSecurity());
    }

    @Test
    void a_run_that_takes_too_long_is_stopped_and_begun_again() {
        KubeObject job = of(PROGRAM).getLast();

        assertThat(Sample.at(job, "spec.template.spec.activeDeadlineSeconds"))
                .isEqualTo(2 * 3600L + 300);
        assertThat(Sample.at(job, "spec.activeDeadlineSeconds"))
                .isEqualTo(2 * (2 * 3600L + 300) + 300);
    }

    @Test
    void a_train_job_hands_its_output_over_on_a_volume() {
        List<KubeObject> all = of(PROGRAM + TRAIN_JOB);
        KubeObject trainJob =
                all.stream().filter(one -> one.kind().equals("TrainJob")).findFirst().orElseThrow();
        KubeObject job = all.getLast();

        assertThat(trainJob.name()).startsWith("faces-").hasSizeLessThanOrEqualTo(44);
        assertThat(job.kind()).isEqualTo("Job");
        assertThat(Tree.map(Sample.at(job, "spec.template.spec")))
                .doesNotContainKeys("initContainers", "activeDeadlineSeconds");
        assertThat(job.fields().toString()).contains("subPath=runs/" + job.name());
        assertThat(trainJob.fields().toString()).contains("subPath=runs/" + job.name());
    }

    private static List<String> mounts(@Nullable Object containers) {
        Object first = containers instanceof List<?> list ? list.getFirst() : Map.of();
        return Tree.map(first).get("volumeMounts") instanceof List<?> mounts
                ? mounts.stream().map(one -> String.valueOf(Tree.map(one).get("name"))).toList()
                : List.of();
    }

    @Test
    void a_training_without_a_job_is_run_by_others() {
        assertThat(of(TRAINING)).isEmpty();
    }

    @Test
    void another_document_is_another_job() {
        KubeObject first = of(TRAINING + JOB).getLast();

        assertThat(of(TRAINING + JOB).getLast().name()).isEqualTo(first.name());
        assertThat(of(TRAINING.replace("20m", "30m") + JOB).getLast().name())
                .isNotEqualTo(first.name())
                .startsWith("digits-training-");
    }

    @Test
    void the_job_is_one_of_kubernetes_and_restricted() throws Exception {
        KubeObject job = of(TRAINING + JOB).getLast();
        Job read =
                JsonMapper.builder()
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .build()
                        .readValue(new JsonMapper().writeValueAsString(job.fields()), Job.class);

        assertThat(read.getSpec().getBackoffLimit()).isEqualTo(3);
        assertThat(read.getSpec().getActiveDeadlineSeconds()).isEqualTo(4 * 1200 + 300);
        assertThat(read.getSpec().getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
        assertThat(read.getSpec().getAdditionalProperties()).isEmpty();
        assertThat(read.getSpec().getTemplate().getSpec().getAdditionalProperties()).isEmpty();
        assertThat(Sample.at(job, "spec.template.spec.securityContext"))
                .isEqualTo(Pods.podSecurity());
        assertThat(Sample.at(job, "spec.template.spec.containers.0.securityContext"))
                .isEqualTo(Pods.containerSecurity());
    }

    private static List<KubeObject> of(String document) {
        Training training =
                (Training)
                        SpecParser.parse("f", document.getBytes(StandardCharsets.UTF_8))
                                .orThrow()
                                .getFirst();
        return TrainingObjects.of(Sample.whole(), training);
    }
}
