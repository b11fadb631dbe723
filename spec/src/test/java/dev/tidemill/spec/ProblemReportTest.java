package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import org.junit.jupiter.api.Test;

/// The whole report for a file in which much is wrong.
final class ProblemReportTest {
    private static final String BAD =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Training
            metadata: {name: digits}
            spec:
              trainer: svn
              dataset: {path: data/digits.csv.gz, label: label}
              gates: [{metric: accuracy, min: 98}]
              registers: {model: digits}
              timeout: 5 minutes
            ---
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: digits}
            spec:
              source: digits@production
              scalling: {target: 8}
              scaling: {min: -2}
              resources: {memory: 200MB}
            ---
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: digits}
            spec:
              source: digits
              scaling: {min: 5, max: 2}
            ---
            apiVersion: tidemill.dev/v1alpha1
            kind: Gateway
            metadata: {name: gateway}
            spec:
              listeners: [{port: }]
              routes: [{path: /predict, model: digitz}]
            """;

    @Test
    void names_all_problems_at_once_in_line_order() {
        assertThat(Yaml.problems(BAD))
                .containsExactly(
                        "tidemill.yaml:5: Training/digits spec.trainer: 'svn' (expected: svm,"
                                + " logistic or program; nearest: 'svm')",
                        "tidemill.yaml:7: Training/digits spec.gates[0].min: '98' (expected: a"
                                + " number from 0 to 1)",
                        "tidemill.yaml:9: Training/digits spec.timeout: '5 minutes' (expected: a"
                                + " duration such as 250ms, 30s, 5m or 1h30m, from 1s to 7d)",
                        "tidemill.yaml:16: Model/digits spec.scalling: '{...}' (expected: 'scaling';"
                                + " known keys: source, runtime, resources, sharesReplicasWith,"
                                + " scaling, volume, pod)",
                        "tidemill.yaml:17: Model/digits spec.scaling.min: '-2' (expected: a whole"
                                + " number from 0 to 1000)",
                        "tidemill.yaml:18: Model/digits spec.resources.memory: '200MB' (expected: a"
                                + " size such as 512Ki, 200Mi or 1Gi, from 16Mi to 16Ti)",
                        "tidemill.yaml:22: Model/digits metadata.name: 'digits' (expected: a name of"
                                + " its own; the Model on line 13 has it too)",
                        "tidemill.yaml:25: Model/digits spec.scaling.min: '5' (expected: at most"
                                + " max, which is 2)",
                        "tidemill.yaml:31: Gateway/gateway spec.listeners[0].port: 'missing'"
                                + " (expected: a whole number from 0 to 65535; or leave the key"
                                + " out)",
                        "tidemill.yaml:32: Gateway/gateway spec.routes[0].model: 'digitz' (expected:"
                                + " a Model of this file: digits; nearest: 'digits')");
    }

    @Test
    void throws_once_with_every_problem() {
        ParsedSpec parsed = Yaml.parse(BAD);

        assertThatThrownBy(parsed::orThrow)
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SPEC))
                .message()
                .hasLineCount(10);
    }

    @Test
    void keeps_the_documents_that_are_right() {
        String yaml = Yaml.file(Yaml.TRAINING, Yaml.MODEL.replace("source", "sauce"), Yaml.GATEWAY);

        assertThat(Yaml.parse(yaml).resources())
                .extracting(Resource::kind)
                .containsExactly("Training", "Gateway");
    }

    @Test
    void counts_what_is_too_much_to_list() {
        String yaml = Yaml.MODEL + "x: 1\n".repeat(2000);

        assertThat(Yaml.problems(yaml))
                .hasSize(501)
                .last()
                .asString()
                .contains("file: '1500 more problems'");
    }

    @Test
    void shows_no_character_that_could_rewrite_the_terminal() {
        String yaml = Yaml.MODEL + "\"\\e[2Jx\\u202Ey\": \"\\e[2J\"\n";

        assertThat(Yaml.problems(yaml))
                .containsExactly(
                        "tidemill.yaml:6: Model/digits ?[2Jx?y: '?[2J' (expected: known keys:"
                                + " apiVersion, kind, metadata, spec)");
    }
}
