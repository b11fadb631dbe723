package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.scaling.Scaling.Concurrency;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class QuickstartTest {
    private static final List<Resource> RESOURCES = Yaml.parse(Yaml.quickstart()).orThrow();

    @Test
    void the_committed_file_has_no_problem() {
        assertThat(Yaml.problems(Yaml.quickstart())).isEmpty();
        assertThat(RESOURCES)
                .extracting(resource -> resource.kind() + "/" + resource.name())
                .containsExactly(
                        "Training/digits",
                        "Training/intents",
                        "Model/digits",
                        "Model/intents",
                        "Gateway/gateway",
                        "Environment/small");
    }

    @Test
    void numbers_are_learned_by_support_vectors() {
        Training digits = (Training) RESOURCES.get(0);

        assertThat(digits.trainer()).isEqualTo(Trainer.SVM);
        assertThat(digits.parameters()).isEqualTo(Map.of("cost", 10.0, "gamma", 0.001));
        assertThat(digits.seed()).isEqualTo(42);
        assertThat(digits.dataset())
                .isEqualTo(
                        new Dataset(
                                "data/digits.csv.gz", "label", Optional.empty(), Optional.empty()));
        assertThat(digits.features()).isEmpty();
        assertThat(digits.evaluation()).isEqualTo(new Evaluation.Holdout(0.2));
        assertThat(digits.gates()).containsExactly(new Gate("accuracy", 0.98));
        assertThat(digits.registers())
                .isEqualTo(
                        new Registers(
                                "digits", Optional.of("production"), "Handwritten digits 0 to 9"));
        assertThat(digits.timeout()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void text_is_learned_by_the_linear_model() {
        Training intents = (Training) RESOURCES.get(1);

        assertThat(intents.trainer()).isEqualTo(Trainer.LOGISTIC);
        assertThat(intents.parameters()).isEqualTo(Map.of("epochs", 20.0, "learningRate", 0.2));
        assertThat(intents.dataset())
                .isEqualTo(
                        new Dataset(
                                "data/intents.csv",
                                "intent",
                                Optional.of("text"),
                                Optional.of("group")));
        assertThat(intents.features()).contains(new TextFeaturesSpec(1, 3, 16384, 512));
        assertThat(intents.evaluation()).isEqualTo(new Evaluation.CrossValidation(5));
        assertThat(intents.after()).containsExactly("digits");
        assertThat(intents.timeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void models_share_the_replicas_of_the_digits() {
        Model digits = (Model) RESOURCES.get(2);
        Model intents = (Model) RESOURCES.get(3);

        assertThat(digits.source())
                .isEqualTo(new Source.Registry("digits", new Selector.Alias("production")));
        assertThat(digits.resources())
                .isEqualTo(
                        new ModelResources(Optional.of(1.0), Optional.of(ByteSize.mebibytes(200))));
        assertThat(digits.scaling().min()).isEqualTo(2);
        assertThat(digits.scaling().max()).isEqualTo(4);
        assertThat(digits.scaling().concurrency())
                .isEqualTo(new Concurrency(8, Duration.ZERO, Duration.ofSeconds(20)));
        assertThat(intents.sharesReplicasWith()).contains("digits");
    }

    @Test
    void the_gateway_listens_on_loopback() {
        Gateway gateway = (Gateway) RESOURCES.get(4);

        assertThat(gateway.host()).isEqualTo("127.0.0.1");
        assertThat(gateway.port()).isEqualTo(8080);
        assertThat(gateway.routes())
                .containsExactly(Route.toModel("route-1", "/predict", "intents"));
        assertThat(gateway.requestTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(gateway.waitForReplica()).isEqualTo(Duration.ofSeconds(10));
        assertThat(gateway.maxBody()).isEqualTo(ByteSize.mebibytes(32));
    }

    @Test
    void a_training_cut_out_of_the_file_reads_the_same() {
        Training intents = (Training) RESOURCES.get(1);

        Training again =
                (Training)
                        SpecParser.parseDocument("request", intents.document())
                                .orThrow()
                                .getFirst();

        assertThat(again.document()).isEqualTo(intents.document());
        assertThat(again).usingRecursiveComparison().ignoringFields("place").isEqualTo(intents);
    }

    @Test
    void places_know_the_line_of_every_key() {
        String[] lines = Yaml.quickstart().split("\n");
        for (Resource resource : RESOURCES) {
            assertThat(resource.place().lines()).isNotEmpty();
            resource.place()
                    .lines()
                    .forEach((path, line) -> assertThat(lines[line - 1]).contains(lastWord(path)));
        }
        assertThat(RESOURCES.get(4).place().of("spec.listeners[0].port"))
                .isEqualTo("tidemill.yaml:67");
        assertThat(RESOURCES.get(4).place().of("spec.unknown")).isEqualTo("tidemill.yaml:62");
    }

    private static String lastWord(String path) {
        String word = path.substring(path.lastIndexOf('.') + 1);
        int bracket = word.indexOf('[');
        return bracket < 0 ? word : "";
    }
}
