package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemill.cli.render.RenderCase;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the real Helm and Kustomize make of what is rendered for them, put before a real API server
/// as [RenderedOnCluster] does it.
final class ChartsOnCluster {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /// Values that people change: lists and mappings of any length.
    private static final Map<String, Object> OTHERS =
            Map.of(
                    "nodeSelector",
                    Map.of("example.com/pool", "true", "zone", "a"),
                    "tolerations",
                    List.of(Map.of("key", "a", "value", "1", "effect", "NoSchedule")),
                    "env",
                    List.of(Map.of("name", "A", "value", "\"{{ b }}\": #")),
                    "resources",
                    Map.of("limits", Map.of("cpu", 2, "memory", "1Gi")),
                    "imagePullSecrets",
                    List.of(Map.of("name", "a"), Map.of("name", "b")),
                    "digest",
                    "sha256:" + "0".repeat(64),
                    "minReplicas",
                    2,
                    "maxReplicas",
                    9,
                    "replicas",
                    5);

    private static final Map<String, Object> NOTHING =
            Map.of(
                    "nodeSelector",
                    Map.of(),
                    "tolerations",
                    List.of(),
                    "env",
                    List.of(),
                    "resources",
                    Map.of(),
                    "imagePullSecrets",
                    List.of(),
                    "digest",
                    "");

    private static StrictCluster cluster;

    @TempDir Path folder;

    @BeforeAll
    static void open() {
        cluster = StrictCluster.open("charts-test");
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    static List<RenderCase> environments() {
        return RenderCase.all().stream().filter(RenderCase::isEnvironment).toList();
    }

    static List<Path> files() {
        return environments().stream().flatMap(each -> each.file().stream()).distinct().toList();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void an_api_server_takes_what_helm_makes_of_a_chart(RenderCase each) throws Exception {
        chart(each);

        assertThat(tool("helm", "lint", "--strict", chart())).contains("0 chart(s) failed");
        List<Map<String, Object>> objects = template();
        assertThat(objects).isNotEmpty();
        assertThat(cluster.complaints(objects)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void so_it_does_when_its_values_are_others_or_empty(RenderCase each) throws Exception {
        chart(each);
        Path given = folder.resolve("chart/values.yaml");
        Map<String, Object> values = ObjectTrees.read(Files.readString(given)).getFirst();

        for (Map<String, Object> other : List.of(OTHERS, NOTHING)) {
            Files.writeString(given, YAML.asYaml(changed(values, other)));
            assertThat(cluster.complaints(template())).as(other.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void so_it_does_with_what_kustomize_makes_of_its_folders(Path file) throws Exception {
        assumeTool("kubectl");
        RenderCase whole = new RenderCase(Optional.empty(), Optional.of(file), List.of());
        assertThat(whole.rendered("--output", "kustomize", "--out", folder.toString())).isEmpty();

        List<Path> places;
        try (Stream<Path> found = Files.walk(folder)) {
            places = found.filter(path -> path.endsWith("kustomization.yaml")).toList();
        }
        assertThat(places).isNotEmpty();
        for (Path place : places) {
            List<Map<String, Object>> objects =
                    ObjectTrees.read(tool("kubectl", "kustomize", place.getParent().toString()));

            assertThat(objects).as(place.toString()).isNotEmpty();
            assertThat(cluster.complaints(objects)).as(place.toString()).isEmpty();
        }
    }

    private String chart() {
        return folder.resolve("chart").toString();
    }

    private void chart(RenderCase each) {
        assumeTool("helm");
        assertThat(each.rendered("--output", "helm", "--out", chart())).isEmpty();
    }

    private List<Map<String, Object>> template() throws Exception {
        return ObjectTrees.read(
                tool(
                        "helm",
                        "template",
                        "rendered",
                        chart(),
                        "--namespace",
                        cluster.namespace(),
                        // Otherwise that of years ago.
                        "--kube-version",
                        cluster.server().version()));
    }

    /// Wherever one of those keys is.
    private static Map<String, Object> changed(
            Map<String, Object> values, Map<String, Object> others) {
        Map<String, Object> changed = ObjectTrees.map(values);
        changed.replaceAll((key, value) ->
                others.containsKey(key)
                        ? others.get(key)
                        : value instanceof Map<?, ?>
                                ? changed(ObjectTrees.map(value), others)
                                : value);
        return changed;
    }

    private static void assumeTool(String name) {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, name))),
                "no " + name + " on the PATH");
    }

    /// What it prints, unless it fails.
    private String tool(String... command) throws IOException, InterruptedException {
        Path said = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(command).redirectError(said.toFile()).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        assertThat(code)
                .as(String.join(" ", command) + "\n" + text + Files.readString(said))
                .isZero();
        return text;
    }
}
