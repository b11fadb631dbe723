package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.Problem;
import dev.tidemill.spec.cluster.ClusterImage;
import dev.tidemill.spec.cluster.ClusterState;
import dev.tidemill.spec.cluster.ControlPlane;
import dev.tidemill.spec.cluster.NamespaceRules;
import dev.tidemill.spec.cluster.NetworkRules;
import dev.tidemill.spec.cluster.ReplicaSetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvironmentTest {
    private static final String ENVIRONMENT =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Environment
            metadata: {name: prod}
            spec:
            """;

    private static final String PATCHED =
            ENVIRONMENT
                    + """
                      patches:
                        - kind: Model
                          name: digits
                          spec:
                            resources: {memory: 1Gi}
                            scaling: {min: 3, max: 9}
                    """;

    @Test
    void has_defaults_for_what_is_not_given() {
        Environment environment = Yaml.only(ENVIRONMENT + "  {}\n", Environment.class);

        assertThat(environment)
                .isEqualTo(
                        new Environment(
                                new Metadata("prod", ""),
                                environment.place(),
                                Optional.empty(),
                                NamespaceRules.DEFAULT,
                                ClusterImage.DEFAULT,
                                Map.of(),
                                Map.of(),
                                Optional.empty(),
                                ReplicaSetter.HPA,
                                ControlPlane.DEFAULT,
                                NetworkRules.DEFAULT,
                                Optional.empty(),
                                Optional.empty(),
                                ClusterState.OWN,
                                List.of()));
    }

    @Test
    void is_laid_over_the_documents_that_it_patches() {
        String file =
                Yaml.file(
                        Yaml.MODEL + "  resources: {cpu: 2, memory: 200Mi}\n  scaling: {max: 5}\n",
                        PATCHED);

        Model plain = model(Yaml.parse(file));
        Model patched = model(in("prod", file));

        assertThat(plain.scaling().min()).isEqualTo(1);
        assertThat(patched.scaling().min()).isEqualTo(3);
        assertThat(patched.scaling().max()).isEqualTo(9);
        assertThat(patched.resources().cpu()).contains(2.0);
        assertThat(patched.resources().memory().orElseThrow().bytes()).isEqualTo(1L << 30);
        Model elsewhere = model(in("dev", file));
        assertThat(elsewhere.scaling().min()).isEqualTo(1);
        assertThat(elsewhere.resources()).isEqualTo(plain.resources());
    }

    @Test
    void takes_a_key_out_by_giving_it_no_value() {
        String file =
                Yaml.file(
                        Yaml.MODEL + "  resources: {cpu: 2}\n",
                        ENVIRONMENT
                                + "  patches: [{kind: Model, name: digits, spec: {resources: }}]\n");

        assertThat(model(in("prod", file)).resources()).isEqualTo(ModelResources.NONE);
    }

    @Test
    void says_what_is_wrong_in_a_patch_on_the_line_of_the_patch() {
        String file = Yaml.file(Yaml.MODEL, PATCHED.replace("max: 9", "max: 2"));

        assertThat(Yaml.problems(file)).isEmpty();
        assertThat(in("prod", file).problems().stream().map(Problem::toString))
                .containsExactly(
                        "tidemill.yaml:16: Model/digits spec.scaling.min: '3' (expected: at most max,"
                                + " which is 2)");
    }

    @Test
    void refuses_to_patch_what_is_not_there_or_twice() {
        String twice =
                ENVIRONMENT
                        + "  patches: [{kind: Model, name: digits, spec: {}},"
                        + " {kind: Model, name: digits, spec: {}},"
                        + " {kind: Gateway, name: front, spec: {}}]\n";

        assertThat(Yaml.problems(Yaml.file(Yaml.MODEL, twice)))
                .anyMatch(problem -> problem.contains("patches[1].name: 'digits' (expected: each"))
                .anyMatch(problem -> problem.contains("patches[2].name: 'front' (expected: "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    namespace: AI              | spec.namespace: 'AI'
                    podSecurity: strict        | spec.podSecurity: 'strict' (expected: restricted, baseline or privileged
                    image: {name: "UPPER/x"}   | spec.image.name: 'UPPER/x' (expected: an image such as
                    labels: {"a b": c}         | spec.labels.a b: 'a b' (expected: a label's key
                    labels: {a: true}          | spec.labels.a: 'true' (expected: a label's value, at most 63 letters, digits, '-', '_' and '.'; in quotes)
                    labels: [a]                | spec.labels: '[...]' (expected: a mapping of at most 100
                    quota: {cpu: lots}         | spec.quota.cpu: 'lots' (expected: a quantity such as
                    scaling: auto              | spec.scaling: 'auto' (expected: hpa, tidemill, keda or none
                    priority: 9999999999       | spec.priority: '9999999999'
                    serviceMonitor: {interval: 0s} | spec.serviceMonitor.interval: '0s'
                    patches: [{kind: Modle, name: a, spec: {}}] | spec.patches[0].kind: 'Modle' (expected: Training, Model, App or Gateway; nearest: 'Model')
                    patches: [{kind: Model, name: digits, spec: 1}] | spec.patches[0].spec: '1' (expected: a mapping)
                    """)
    void refuses_what_a_cluster_would(String line, String problem) {
        assertThat(Yaml.problems(Yaml.file(Yaml.MODEL, ENVIRONMENT + "  " + line + "\n")))
                .singleElement()
                .asString()
                .contains("Environment/prod " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    resources: {gpu: 0}                        | spec.resources.gpu: '0'
                    volume: {path: a}                          | spec.volume.claimName: 'missing'
                    volume: {claimName: m, path: ../a}         | spec.volume.path: '../a'
                    pod: {tolerations: [{operator: Equal}]}    | spec.pod.tolerations[0].key: 'missing' (expected: a key, or operator: Exists)
                    pod: {tolerations: [{operator: Exists, value: a}]} | spec.pod.tolerations[0].value: 'a'
                    pod: {nodeSelector: {gpu: true}}           | spec.pod.nodeSelector.gpu: 'true'
                    """)
    void refuses_pods_that_a_cluster_would(String line, String problem) {
        assertThat(Yaml.problems(Yaml.MODEL + "  " + line + "\n"))
                .singleElement()
                .asString()
                .contains("Model/digits " + problem);
    }

    private static ParsedSpec in(String environment, String file) {
        return SpecParser.parseIn(environment, Yaml.FILE, file.getBytes(StandardCharsets.UTF_8));
    }

    private static Model model(ParsedSpec parsed) {
        return (Model) parsed.orThrow().getFirst();
    }
}
