package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CrossReferenceTest {
    @Test
    void prints_the_circle_of_trainings() {
        assertThat(
                        Yaml.problems(
                                Yaml.file(
                                        training("a", "b"),
                                        training("b", "c"),
                                        training("c", "a"))))
                .containsExactly(
                        "tidemill.yaml:9: Training/a spec.after[0]: 'a -> b -> c -> a' (expected: no"
                                + " circle)");
    }

    @Test
    void prints_the_circle_of_models() {
        assertThat(Yaml.problems(Yaml.file(model("a", "b"), model("b", "a"))))
                .containsExactly(
                        "tidemill.yaml:6: Model/a spec.sharesReplicasWith: 'a -> b -> a' (expected:"
                                + " no circle)");
    }

    @Test
    void finds_circles_that_do_not_touch() {
        assertThat(
                        Yaml.problems(
                                Yaml.file(
                                        training("x", "a"),
                                        training("a", "a"),
                                        training("b", "c"),
                                        training("c", "b"))))
                .containsExactly(
                        "tidemill.yaml:19: Training/a spec.after[0]: 'a -> a' (expected: no circle)",
                        "tidemill.yaml:29: Training/b spec.after[0]: 'b -> c -> b' (expected: no"
                                + " circle)");
    }

    @Test
    void takes_a_diamond() {
        assertThat(
                        Yaml.problems(
                                Yaml.file(
                                        training("a", "b, c"),
                                        training("b", "d"),
                                        training("c", "d"),
                                        training("d", ""))))
                .isEmpty();
    }

    @Test
    void names_the_nearest_of_a_name_that_nobody_has() {
        assertThat(Yaml.problems(Yaml.file(training("digits", "intent"), training("intents", ""))))
                .containsExactly(
                        "tidemill.yaml:9: Training/digits spec.after[0]: 'intent' (expected: a"
                                + " Training of this file: digits or intents; nearest: 'intents')");
    }

    @Test
    void a_document_with_problems_of_its_own_is_there_for_others() {
        assertThat(
                        Yaml.problems(
                                Yaml.file(
                                        model("a", "b"),
                                        model("b", "").replace("source: b", "source: B"))))
                .singleElement()
                .asString()
                .contains("Model/b spec.source");
    }

    @Test
    void a_document_of_an_unknown_kind_may_be_the_one_that_is_meant() {
        assertThat(
                        Yaml.problems(
                                Yaml.file(
                                        model("a", "b"),
                                        model("b", "").replace("kind: Model", "kind: Modell"))))
                .singleElement()
                .asString()
                .contains("kind: 'Modell'");
    }

    @Test
    void leaves_models_that_may_be_in_the_registry_to_the_second_stage() {
        assertThat(Yaml.problems(model("a", "").replace("source: a", "source: elsewhere@blue")))
                .isEmpty();
    }

    @Test
    void a_part_of_a_file_may_refer_to_the_rest() {
        assertThat(SpecParser.parseDocument("part", training("a", "b")).problems()).isEmpty();
        assertThat(SpecParser.parseDocument("part", training("a", "a")).problems()).hasSize(1);
    }

    @Test
    void follows_a_chain_of_thousands() {
        String chain =
                IntStream.range(0, 5000)
                        .mapToObj(i -> model("m" + i, "m" + (i + 1) % 5000))
                        .collect(Collectors.joining("---\n"));

        assertThat(Yaml.problems(chain))
                .singleElement()
                .asString()
                .startsWith(
                        "tidemill.yaml:6: Model/m0 spec.sharesReplicasWith: 'm0 -> m1 -> m2 -> ");
    }

    private static String training(String name, String after) {
        return Yaml.TRAINING.replace("name: digits", "name: " + name)
                + "  after: [%s]\n".formatted(after);
    }

    private static String model(String name, String shares) {
        return Yaml.MODEL.replace("digits", name)
                + (shares.isEmpty() ? "" : "  sharesReplicasWith: %s\n".formatted(shares));
    }
}
