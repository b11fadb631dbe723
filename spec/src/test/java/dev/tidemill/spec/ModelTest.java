package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.cluster.PodSettings;
import dev.tidemill.spec.scaling.PolicyKind;
import dev.tidemill.spec.scaling.Scaling.Concurrency;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelTest {
    @Test
    void has_defaults_for_what_is_not_given() {
        Model model = Yaml.only(Yaml.MODEL, Model.class);

        assertThat(model.metadata()).isEqualTo(new Metadata("digits", ""));
        assertThat(model.source()).isEqualTo(new Source.Registry("digits", new Selector.Latest()));
        assertThat(model.runtime()).isEqualTo(RuntimeKind.ONNX);
        assertThat(model.resources())
                .isEqualTo(new ModelResources(Optional.empty(), Optional.empty()));
        assertThat(model.sharesReplicasWith()).isEmpty();
        assertThat(model.scaling().min()).isEqualTo(1);
        assertThat(model.scaling().max()).isEqualTo(4);
        assertThat(model.scaling().policy()).isEqualTo(PolicyKind.CONCURRENCY);
        assertThat(model.scaling().concurrency())
                .isEqualTo(new Concurrency(8, Duration.ZERO, Duration.ofSeconds(60)));
        assertThat(model.volume()).isEmpty();
        assertThat(model.pod()).isEqualTo(PodSettings.NONE);
    }

    @Test
    void reads_every_form_of_source_and_writes_it_the_same() {
        assertThat(source("digits")).isEqualTo(registry(new Selector.Latest()));
        assertThat(source("digits@prod")).isEqualTo(registry(new Selector.Alias("prod")));
        assertThat(source("digits:3")).isEqualTo(registry(new Selector.Version(3)));
        assertThat(source("./a/m.onnx")).isEqualTo(new Source.Path("./a/m.onnx"));
        assertThat(source("../m.onnx")).isEqualTo(new Source.Path("../m.onnx"));
        assertThat(source("/m.onnx")).isEqualTo(new Source.Path("/m.onnx"));
        assertThat(source("oci://example.com/models/digits:3"))
                .isEqualTo(new Source.Image("example.com/models/digits:3"));
        for (String text :
                new String[] {
                    "digits",
                    "digits@prod",
                    "digits:3",
                    "./m.onnx",
                    "oci://example.com/m@sha256:" + "0a".repeat(32)
                }) {
            assertThat(source(text).text()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "digits:0",
                "digits:x",
                "digits:-1",
                "digits@",
                "digits@A",
                "@production",
                ":1",
                "Digits",
                "digits@a@b",
                "digits:1@a",
                "./model.pb",
                "./a\\\\.txt",
                "digits:99999999999",
                "oci://",
                "oci://Example.com/a b",
                "oci://example.com/m@sha256:12"
            })
    void refuses_sources_of_no_known_form(String source) {
        assertThat(Yaml.problems(withSource(source)))
                .singleElement()
                .asString()
                .startsWith("tidemill.yaml:5: Model/digits spec.source: '")
                .endsWith(
                        "(expected: a registered model such as digits, digits@production or"
                                + " digits:3, a file such as ./digits.onnx, or an image such as"
                                + " oci://example.com/models/digits:3)");
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket/m.onnx, s3:// is not supported yet",
        "s3://bucket/m, s3:// is not supported yet",
        "model.onnx, a file begins with ./ or /",
        "digits@latest, the name alone is the newest version"
    })
    void says_what_to_write_instead(String source, String hint) {
        assertThat(Yaml.problems(withSource(source)))
                .singleElement()
                .asString()
                .endsWith("; " + hint + ")");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    runtime: onxn                 | spec.runtime: 'onxn' (expected: onnx; nearest: 'onnx')
                    scaling: {min: -1}            | spec.scaling.min: '-1' (expected: a whole number from 0 to 1000)
                    scaling: {min: 3, max: 2}     | spec.scaling.min: '3' (expected: at most max, which is 2)
                    scaling: {min: two}           | spec.scaling.min: 'two' (expected: a whole number from 0 to 1000)
                    scaling: 3                    | spec.scaling: '3' (expected: a mapping with the keys min, max, policy, metrics, behavior, objective, hpa, kpa, keda, rules, replica, schedules, idle, silence, sources, kinds, spotShare)
                    scaling: {replicas: 3}        | spec.scaling.replicas: '3' (expected: 'replica'; known keys: min, max, policy, metrics, behavior, objective, hpa, kpa, keda, rules, replica, schedules, idle, silence, sources, kinds, spotShare)
                    scaling: {metrics: []}        | spec.scaling.metrics: 'a list of 0' (expected: a list of at most 20, each with the keys type, target, resource, containerResource, pods, object, external)
                    scaling: {metrics: [{type: cpu, target: 8}]} | spec.scaling.metrics[0].target: '8' (expected: a share such as 70%)
                    scaling: {metrics: [{type: concurrency}]} | spec.scaling.metrics[0].target: 'missing' (expected: a number above 0 a replica, such as 8)
                    scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 20s}}} | spec.scaling.behavior.scaleDown.stabilizationWindowSeconds: '20s' (expected: a whole number from 0 to 3600)
                    resources: {memory: 1MB}      | spec.resources.memory: '1MB' (expected: a size such as 512Ki, 200Mi or 1Gi, from 16Mi to 16Ti)
                    resources: {memory: 99999999999999999Ti} | spec.resources.memory: '99999999999999999Ti' (expected: a size such as 512Ki, 200Mi or 1Gi, from 16Mi to 16Ti)
                    resources: {cpu: 1 core}      | spec.resources.cpu: '1 core' (expected: cores such as 2, 0.5 or 500m, from 1m to 1024)
                    """)
    void refuses_what_cannot_be_meant(String line, String problem) {
        assertThat(Yaml.problems(Yaml.MODEL + "  " + line + "\n"))
                .containsExactly("tidemill.yaml:6: Model/digits " + problem);
    }

    @Test
    void has_at_least_as_many_replicas_at_most_as_at_least() {
        Model model = Yaml.only(Yaml.MODEL + "  scaling: {min: 9}\n", Model.class);

        assertThat(model.scaling().max()).isEqualTo(9);
    }

    @Test
    void takes_cores_and_bytes_as_kubernetes_writes_them() {
        Model model =
                Yaml.only(Yaml.MODEL + "  resources: {cpu: 500m, memory: 33554432}\n", Model.class);

        assertThat(model.resources())
                .isEqualTo(
                        new ModelResources(Optional.of(0.5), Optional.of(ByteSize.mebibytes(32))));
    }

    @Test
    void refuses_scaling_beside_shared_replicas() {
        String shared =
                Yaml.MODEL.replace("name: digits", "name: other")
                        + "  sharesReplicasWith: digits\n  scaling: {min: 2}\n";

        assertThat(Yaml.problems(Yaml.file(Yaml.MODEL, shared)))
                .containsExactly(
                        "tidemill.yaml:13: Model/other spec.scaling: '{...}' (expected: no scaling"
                                + " beside sharesReplicasWith: that of 'digits' counts)");
    }

    private static Source source(String text) {
        return Yaml.only(withSource(text), Model.class).source();
    }

    private static String withSource(String text) {
        return Yaml.MODEL.replace("source: digits", "source: \"" + text + "\"");
    }

    private static Source registry(Selector selector) {
        return new Source.Registry("digits", selector);
    }
}
