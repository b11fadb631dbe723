package dev.tidemill.manifests.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.spec.SpecParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Rules of a definition say what the parser says: a document that breaks one is refused by both in
/// the same words.
final class KeyRulesTest {
    private static final String TRAINING =
            "trainer: logistic, registers: {model: m}, gates: [{metric: accuracy, min: 0.5}], ";

    private static final String JOB = "job: {volume: {claimName: c}, image: own:1}";

    private static Arguments program(String keys, String words) {
        return Arguments.of(
                "Training",
                "spec",
                "{trainer: program, registers: {model: m}, dataset: {path: d}, " + keys + "}",
                words);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(
                        "Model",
                        "spec",
                        "{source: m, sharesReplicasWith: n, scaling: {min: 1}}",
                        "no scaling beside sharesReplicasWith: that of '"),
                Arguments.of(
                        "Model",
                        "spec.scaling",
                        "{source: m, scaling: {min: 5, max: 2}}",
                        "at most max"),
                Arguments.of(
                        "Model",
                        "spec.pod.tolerations[]",
                        "{source: m, pod: {tolerations: [{key: a, operator: Exists, value: b}]}}",
                        "no value beside operator: Exists"),
                Arguments.of(
                        "Model",
                        "spec.pod.tolerations[]",
                        "{source: m, pod: {tolerations: [{operator: Equal, value: b}]}}",
                        "a key, or operator: Exists"),
                Arguments.of("App", "spec", "{port: 80}", "an image, which a cluster runs"),
                Arguments.of(
                        "Training",
                        "spec",
                        "{" + TRAINING + "dataset: {path: a.csv, label: l}, features: {}}",
                        "dataset.text, the column to make them of, or no features"),
                Arguments.of(
                        "Training",
                        "spec",
                        "{" + TRAINING + "dataset: {path: a.csv, label: l, text: t}}",
                        "spec.features too, such as features: {}"),
                Arguments.of(
                        "Training",
                        "spec.dataset",
                        "{" + TRAINING + "dataset: {path: a.csv, label: l, group: l}}",
                        "a column other than the label"),
                Arguments.of(
                        "Training",
                        "spec.features.ngrams",
                        "{"
                                + TRAINING
                                + "dataset: {path: a.csv, label: l, text: t}, features: {ngrams:"
                                + " {min: 5}}}",
                        "at most max"),
                Arguments.of(
                        "Training",
                        "spec.evaluation",
                        "{"
                                + TRAINING
                                + "dataset: {path: a.csv, label: l}, evaluation: {holdout: 0.2,"
                                + " folds: 5}}",
                        "either holdout or folds"),
                program("job: {volume: {claimName: c}}", "the image that trainer: program runs"),
                program("", "a job with the image that trainer: program runs"),
                program(
                        JOB + ", parameters: {cost: 1}",
                        "no parameters with trainer: program, which has them in job.env"),
                program(
                        JOB + ", evaluation: {folds: 5}",
                        "no evaluation with trainer: program, whose own it is"),
                Arguments.of(
                        "Training",
                        "spec",
                        "{" + TRAINING + "dataset: {path: a.csv, label: l}, " + JOB + "}",
                        "trainer: program, which it is for"),
                Arguments.of(
                        "Training",
                        "spec",
                        "{" + TRAINING + "dataset: {path: a.csv}}",
                        "the name of a column, at most 200 characters"),
                Arguments.of(
                        "Training",
                        "spec",
                        "{"
                                + TRAINING.replace("accuracy", "f1")
                                + "dataset: {path: a.csv, label: l}}",
                        "accuracy, precision or recall"),
                Arguments.of(
                        "Gateway",
                        "spec.routes[].match[]",
                        "{routes: [{path: /a, model: m, match: [{value: x}]}]}",
                        "one of header, cookie or percent"),
                Arguments.of(
                        "Gateway",
                        "spec.routes[].upstreams[].key",
                        "{routes: [{path: /a, upstreams: [{url: 'http://a:1', key: {header: x}}]}]}",
                        "one of env or file"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void the_parser_and_the_rule_use_the_same_words(
            String kind, String path, String spec, String words) {
        String document =
                "{apiVersion: tidemill.dev/v1alpha1, kind: %s, metadata: {name: x}, spec: %s}"
                        .formatted(kind, spec);

        List<String> problems =
                SpecParser.parse("f", document.getBytes(StandardCharsets.UTF_8)).problems().stream()
                        .map(Object::toString)
                        .toList();

        assertThat(problems).as(document).anyMatch(problem -> problem.contains(words));
        assertThat(KeyRules.of(kind, path))
                .anyMatch(rule -> rule.message().contains(words) || said(rule).contains(words));
    }

    private static String said(Rule rule) {
        return rule.sentence().orElse("");
    }
}
