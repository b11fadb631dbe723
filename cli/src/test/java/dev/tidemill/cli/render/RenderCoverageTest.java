package dev.tidemill.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.spec.ResourceKind;
import dev.tidemill.spec.yaml.ReferenceRow;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a real API server looks at is all that there is: a kind that we learn to make, and a key
/// that ends in an object, has to be in one of the files that are rendered for it.
final class RenderCoverageTest {
    private static final Path SOURCES = Path.of("..", "manifests", "src", "main", "java");
    private static final Path TRAININGS = Path.of("..", "manifests", "src", "test", "resources");

    /// A kind after its API's version, or by itself where all of them are put in order.
    private static final Pattern KIND =
            Pattern.compile(
                    "\"[a-z0-9./-]*v[0-9]+(?:(?:alpha|beta)[0-9]+)?\",\\s*(?:\"kind\",\\s*)?\"([A-Z]\\w+)\"");

    private static final Pattern IN_ORDER =
            Pattern.compile("^ {20}\"([A-Z]\\w+)\"", Pattern.MULTILINE);

    /// Made by the operator from what only it knows; `RenderedOnCluster` has them beside the cases.
    private static final Set<String> OF_THE_OPERATOR = Set.of("EndpointSlice", "APIService");

    /// That an autoscaler's metric is of, and nothing that we make.
    private static final Set<String> NAMED_ONLY = Set.of("Pod");

    /// Keys that end in no object, or in a gateway's own file only.
    private static final Pattern ELSEWHERE =
            Pattern.compile(
                    // A golden file of its own, in the module of manifests.
                    "Training .*"
                            // How our loop decides, or what it is rehearsed with.
                            + "|(Model|App) spec\\.scaling\\.(objective|rules|kpa|hpa|replica|sources|silence|idle|spotShare|kinds)\\b.*"
                            + "|App spec\\.scaling\\.(metrics|behavior|keda|policy)\\b.*"
                            // Kubernetes knows no such target of such a metric.
                            + "|Model spec\\.scaling\\.metrics\\[]\\.(resource|containerResource|pods)\\.target\\.value"
                            + "|Model spec\\.scaling\\.metrics\\[]\\.(pods|object|external)\\.target\\.averageUtilization"
                            + "|Gateway spec\\.(routes|access|guardrails|limits|timeouts|prices|audit|cache|caches|batching|tracing)\\b.*");

    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @Test
    void every_kind_that_is_made_is_rendered_by_one_of_the_cases() throws IOException {
        Set<String> rendered = new TreeSet<>(OF_THE_OPERATOR);
        Consumer<String> take =
                text ->
                        text.lines()
                                .filter(line -> line.startsWith("kind: "))
                                .forEach(line -> rendered.add(line.substring("kind: ".length())));
        RenderCase.all().forEach(each -> take.accept(each.rendered()));
        try (Stream<Path> trainings = Files.list(TRAININGS)) {
            for (Path file : trainings.filter(Files::isRegularFile).toList()) {
                take.accept(Files.readString(file));
            }
        }

        Set<String> made = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Pattern pattern = file.endsWith("Manifests.java") ? IN_ORDER : KIND;
                pattern.matcher(Files.readString(file))
                        .results()
                        .forEach(found -> made.add(found.group(1)));
            }
        }
        made.removeAll(NAMED_ONLY);

        assertThat(made).contains("Deployment", "VirtualService", "PodMonitor", "APIService");
        assertThat(rendered).containsAll(made);
    }

    @Test
    void every_key_that_ends_in_an_object_is_in_one_of_the_files() throws IOException {
        Set<String> used = new HashSet<>();
        for (Path file : files()) {
            for (String document : Files.readString(file).split("(?m)^---$")) {
                Map<?, ?> tree = yaml.unmarshal(document, LinkedHashMap.class);
                used.addAll(paths(tree.get("kind") + " spec", tree.get("spec")));
            }
        }

        List<String> missing = new ArrayList<>();
        for (ResourceKind kind : ResourceKind.all()) {
            for (ReferenceRow row : kind.spec().rows("spec")) {
                String key = kind.kind() + " " + row.path();
                if (!used.contains(key) && !ELSEWHERE.matcher(key).matches()) {
                    missing.add(key);
                }
            }
        }
        assertThat(missing).as("say them in render/all/tidemill.yaml").isEmpty();
    }

    @Test
    void every_file_that_is_there_to_be_rendered_is() throws IOException {
        try (Stream<Path> folders = Files.list(RenderCase.goldens())) {
            assertThat(files())
                    .containsAll(
                            folders.filter(Files::isDirectory)
                                    .map(folder -> folder.resolve("tidemill.yaml"))
                                    .toList());
        }
    }

    private static Set<Path> files() {
        Set<Path> files = new TreeSet<>();
        RenderCase.all().forEach(each -> each.file().ifPresent(files::add));
        return files;
    }

    /// With those of the mappings that they are in.
    private static Set<String> paths(String at, @Nullable Object value) {
        Set<String> paths = new HashSet<>(Set.of(at));
        switch (value) {
            case Map<?, ?> map ->
                    map.forEach((key, inner) -> paths.addAll(paths(at + "." + key, inner)));
            case List<?> list -> list.forEach(item -> paths.addAll(paths(at + "[]", item)));
            case null, default -> {}
        }
        return paths;
    }
}
