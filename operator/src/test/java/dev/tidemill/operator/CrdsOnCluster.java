package dev.tidemill.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemill.common.Problem;
import dev.tidemill.spec.SpecParser;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A real API server takes the definitions, refuses what the command line refuses, in its words,
/// and takes what it takes.
final class CrdsOnCluster {
    private static final String PREFIX = "crds-test";

    private static KubernetesClient client;
    private static RealNamespace namespace;

    @BeforeAll
    static void open() {
        RealNamespace.assumeCluster();
        client = new KubernetesClientBuilder().build();
        RealNamespace.define(client);
        namespace = RealNamespace.make(client, PREFIX);
    }

    @AfterAll
    static void close() {
        if (client != null) {
            namespace.delete();
            RealNamespace.awaitGone(client, PREFIX);
            client.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Model | {source: digits, scaling: {min: -1}}",
                "Model | {source: digits, scaling: {min: 5, max: 2}}",
                "Model | {source: digits, runtime: onyx}",
                "Model | {}",
                "Model | {source: 'Digits!'}",
                "Model | {source: digits, resources: {gpu: 65}}",
                "Model | {source: digits, scaling: {idle: 10d}}",
                "Model | {source: digits, scaling: {idle: 10 s}}",
                "Model | {source: digits, sharesReplicasWith: Other}",
                "Model | {source: digits, pod: {tolerations: [{operator: Exists, key: a, value: b}]}}",
                "Gateway | {replicas: 0, routes: [{path: /a, model: m}]}",
                "Gateway | {routes: [{path: no, model: m}]}",
                "Gateway | {routes: [{path: /a, upstreams: [{url: 'ftp://a'}]}]}",
                "Gateway | {routes: [{path: /a, model: m, match: [{value: x}]}]}",
                "Environment | {namespace: UPPER}",
                "Environment | {scaling: knative}",
                "Training | {trainer: svm, registers: {model: m}, dataset: {path: a.csv, label: l, group: l}}",
                "Training | {trainer: svm, dataset: {path: a.csv, label: l}}"
            })
    void refuses_in_the_words_of_the_command_line(String kind, String spec) {
        List<Problem> problems =
                SpecParser.parse(
                                "f",
                                """
                                {apiVersion: tidemill.dev/v1alpha1, kind: %s, metadata: {name: x}, spec: %s}
                                """
                                        .formatted(kind, spec)
                                        .getBytes(StandardCharsets.UTF_8))
                        .problems();

        KubernetesClientException refusal =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () -> {
                            var _ =
                                    namespace
                                            .all(kind)
                                            .resource(namespace.tree(kind, "x", spec))
                                            .dryRun()
                                            .create();
                        });

        assertThat(refusal).as("accepted: %s", spec).isNotNull();
        assertThat(refusal.getCode()).isEqualTo(422);
        String said = refusal.getStatus().getMessage();
        assertThat(problems).as(said).anyMatch(problem -> isSaid(problem, said));
    }

    /// Names the key, and what is expected in our words. For words of a list and forms of texts the
    /// API server has words of its own, and then says no others.
    private static boolean isSaid(Problem problem, String said) {
        String key = problem.path().substring(problem.path().lastIndexOf(' ') + 1);
        String expected = problem.expected().split("[,;]", 2)[0];
        return said.contains(
                        key.substring(0, key.contains(".") ? key.lastIndexOf('.') : key.length()))
                && (said.contains("(expected: " + expected)
                        || said.contains("supported values: ")
                        || said.contains(" in body should match "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.b",
                "ends-",
                "much-too-long-for-a-name-that-has-to-fit-into-a-label-and-a-host-name"
            })
    void refuses_a_name_that_is_none_of_ours(String name) {
        KubernetesClientException refusal =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () -> {
                            var _ =
                                    namespace
                                            .all("Model")
                                            .resource(
                                                    namespace.tree(
                                                            "Model", name, "{source: digits}"))
                                            .dryRun()
                                            .create();
                        });

        assertThat(refusal).as("accepted: %s", name).isNotNull();
        assertThat(refusal.getCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway/gateway.yaml",
                "kubernetes/tidemill.yaml",
                "quickstart/tidemill.yaml"
            })
    void takes_the_examples(String file) throws IOException {
        Path path = Path.of("..", "examples").resolve(file);
        for (String document : Files.readString(path).split("(?m)^---$")) {
            Map<?, ?> tree =
                    client.getKubernetesSerialization().unmarshal(document, LinkedHashMap.class);
            if (tree != null && tree.get("kind") != null) {
                String spec = client.getKubernetesSerialization().asYaml(tree.get("spec"));
                String kind = String.valueOf(tree.get("kind"));
                assertThat(
                                namespace
                                        .all(kind)
                                        .resource(namespace.tree(kind, "example", spec))
                                        .dryRun()
                                        .create())
                        .isNotNull();
            }
        }
    }
}
