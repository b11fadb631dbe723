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
import org.junit.jupiter.api.Test;

/// A training as a Job, compared with what somebody looked at last.
final class TrainingObjectsTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "training.yaml");
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

    @Test
    void it_is_what_it_was() throws Exception {
        String made =
                YamlWriter.documents(of(TRAINING + JOB).stream().map(KubeObject::fields).toList());
        if (Boolean.getBoolean("tidemill.update")) {
            Files.writeString(GOLDEN, made);
        }

        assertThat(GOLDEN).as("write it anew with -Dtidemill.update=true").hasContent(made);
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
