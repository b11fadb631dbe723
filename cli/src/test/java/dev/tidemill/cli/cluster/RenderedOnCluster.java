package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemill.cli.render.RenderCase;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A real API server takes everything that is rendered: no key that a kind does not have, no value
/// of another type, nothing deprecated, and no pod that the `restricted` standard keeps out. It
/// only says so; nothing of it runs.
final class RenderedOnCluster {
    private static StrictCluster cluster;

    @TempDir Path folder;

    @BeforeAll
    static void open() {
        cluster = StrictCluster.open("rendered-test");
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    static Set<String> sources() {
        return cluster.rendered().keySet();
    }

    static Set<String> types() {
        return cluster.types();
    }

    static List<RenderCase> environments() {
        return RenderCase.all().stream().filter(RenderCase::isEnvironment).toList();
    }

    static List<Path> files() {
        return environments().stream().flatMap(each -> each.file().stream()).distinct().toList();
    }

    /// Those whose definitions are not here are skipped by their names.
    @ParameterizedTest
    @MethodSource("types")
    void every_kind_is_one_that_there_is(String type) {
        Map<String, Object> any =
                cluster.rendered().values().stream()
                        .flatMap(List::stream)
                        .filter(each -> Trees.type(each).equals(type))
                        .findFirst()
                        .orElseThrow();
        assumeTrue(
                cluster.isChecked(any),
                type + " is looked at by nobody: no definition (see dev/fetch-crds)");

        assertThat(cluster.server().knows(any)).as(type).isTrue();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void an_api_server_takes_every_object(String source) {
        assertThat(complaints(cluster.rendered().get(source))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void every_pod_is_let_into_a_namespace_that_enforces_restricted(String source) {
        List<Map<String, Object>> pods =
                cluster.rendered().get(source).stream()
                        .flatMap(each -> Trees.pods(each).stream())
                        .toList();
        pods.forEach(cluster::provideFor);

        assertThat(complaints(pods)).isEmpty();
    }

    /// Or it would say nothing that it takes all else.
    @Test
    void what_is_wrong_is_refused_here() {
        Map<String, Object> map = first("ConfigMap");
        Map<String, Object> pod = Trees.pods(first("Deployment")).getFirst();
        cluster.provideFor(pod);
        Map<String, Object> spec = Trees.map(pod.get("spec"));

        assertThat(complaints(List.of(Trees.with(map, "dat", Map.of()))))
                .singleElement()
                .asString()
                .contains("dat", "field not declared in schema");
        assertThat(complaints(List.of(Trees.with(pod, "spec", Trees.with(spec, "hostPID", true)))))
                .singleElement()
                .asString()
                .contains("violates PodSecurity");
        assertThat(complaints(Trees.read("apiVersion: v1\nkind: Endpoints\nmetadata: {name: x}\n")))
                .singleElement()
                .asString()
                .contains("deprecated");
    }

    @Test
    void what_is_no_key_of_others_is_refused_here() {
        Map<String, Object> scaled = first("ScaledObject");
        assumeTrue(cluster.isChecked(scaled), "no definition of KEDA's (see dev/fetch-crds)");
        Map<String, Object> spec = Trees.map(scaled.get("spec"));

        assertThat(complaints(List.of(Trees.with(scaled, "spec", Trees.with(spec, "maxCount", 3)))))
                .singleElement()
                .asString()
                .contains("maxCount", "field not declared in schema");
        assertThat(
                        complaints(
                                List.of(
                                        Trees.with(
                                                scaled,
                                                "spec",
                                                Trees.with(spec, "maxReplicaCount", "three")))))
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void so_is_what_helm_makes_of_a_chart(RenderCase each) throws Exception {
        assumeTool("helm");
        assertThat(each.rendered("--output", "helm", "--out", folder.toString())).isEmpty();

        assertThat(tool("helm", "lint", "--strict", folder.toString()))
                .contains("0 chart(s) failed");
        List<Map<String, Object>> objects =
                Trees.read(
                        tool(
                                "helm",
                                "template",
                                "rendered",
                                folder.toString(),
                                "--namespace",
                                cluster.namespace(),
                                // Otherwise that of years ago.
                                "--kube-version",
                                cluster.server().version()));

        assertThat(objects).isNotEmpty();
        assertThat(complaints(objects)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void so_is_what_kustomize_makes_of_its_folders(Path file) throws Exception {
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
                    Trees.read(tool("kubectl", "kustomize", place.getParent().toString()));

            assertThat(objects).as(place.toString()).isNotEmpty();
            assertThat(complaints(objects)).as(place.toString()).isEmpty();
        }
    }

    private static Map<String, Object> first(String kind) {
        return cluster.rendered().values().stream()
                .flatMap(List::stream)
                .filter(each -> Trees.kind(each).equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> complaints(List<Map<String, Object>> objects) {
        List<String> all = new ArrayList<>();
        for (Map<String, Object> each : objects) {
            if (cluster.isChecked(each)) {
                cluster.server()
                        .complaints(each, cluster.namespace())
                        .forEach(complaint -> all.add(Trees.id(each) + ": " + complaint));
            }
        }
        return all;
    }

    private static void assumeTool(String name) {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, name))),
                "no " + name + " on the PATH");
    }

    /// What it prints, unless it fails.
    private String tool(String... command) throws IOException, InterruptedException {
        Path said = Files.createTempFile("said", ".txt");
        Process process = new ProcessBuilder(command).redirectError(said.toFile()).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        String errors = Files.readString(said);
        Files.delete(said);
        assertThat(code).as(String.join(" ", command) + "\n" + text + errors).isZero();
        return text;
    }
}
