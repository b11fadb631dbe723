package dev.tidemill.cli.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.client.control.ArtifactFiles;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.spi.FolderDigest;
import dev.tidemill.testkit.CapturedLog;
import dev.tidemill.testkit.FakeUpstream;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Versions on their way from a registry to the folder that is served. The registry is a script;
/// `ControlIT` has the real one.
@Timeout(60)
final class RegistryPullIT {
    private static final long MOST = 1 << 20;

    @TempDir Path folder;
    private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();
    private final FakeUpstream registry =
            FakeUpstream.start((request, connection) -> {
                byte[] body =
                        bodies.get(URLDecoder.decode(request.target(), StandardCharsets.UTF_8));
                if (body == null) {
                    byte[] error =
                            "{\"error\":\"none\",\"code\":\"MODEL_NOT_FOUND\"}"
                                    .getBytes(StandardCharsets.UTF_8);
                    connection.send(404, Map.of(), error);
                } else {
                    connection.send(200, Map.of(), body);
                }
            });

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void a_version_comes_whole_and_is_served_under_its_number() throws IOException {
        means("m", "@live", 3, Map.of("model.onnx", "three", "data/weights", "w"));

        try (RegistryPull pull = pull("m@live")) {
            assertThat(pull.start()).containsExactly("pulled: m version 3 from " + registry.url());
            assertThat(served(pull)).containsExactly("m/3/data/weights", "m/3/model.onnx");
            assertThat(pull.folder().resolve("m/3/model.onnx")).hasContent("three");
        }
        assertThat(folder.resolve("cache/downloads")).isEmptyDirectory();
    }

    @Test
    void an_alias_that_moves_replaces_the_version_forth_and_back() throws IOException {
        means("m", "@live", 3, Map.of("model.onnx", "three"));
        try (RegistryPull pull = pull("m@live")) {
            pull.start();
            assertThat(pull.pull(pull.models().getFirst())).isEmpty();

            means("m", "@live", 4, Map.of("model.onnx", "four"));
            assertThat(pull.pull(pull.models().getFirst())).contains(4);
            assertThat(served(pull)).containsExactly("m/4/model.onnx");

            means("m", "@live", 3, Map.of("model.onnx", "three"));
            long requests = registry.requests().size();
            assertThat(pull.pull(pull.models().getFirst())).contains(3);
            assertThat(served(pull)).containsExactly("m/3/model.onnx");
            // The version is in the cache, so nothing but its number was asked for.
            assertThat(registry.requests().size() - requests).isEqualTo(1);
        }
    }

    @Test
    void what_is_not_what_was_announced_is_refused_and_what_was_there_stays() throws IOException {
        means("m", "latest", 1, Map.of("model.onnx", "one"));
        try (RegistryPull pull = pull("m")) {
            pull.start();
            Digest second = means("m", "latest", 2, Map.of("model.onnx", "two"));
            bodies.put(file(second, "model.onnx"), "tow".getBytes(StandardCharsets.UTF_8));

            refused(
                    ErrorCode.CORRUPT_ARTIFACT,
                    "version 2: digest: 'sha256:",
                    () -> pull.pull(pull.models().getFirst()));
            assertThat(served(pull)).containsExactly("m/1/model.onnx");

            bodies.put(file(second, "model.onnx"), "much more".getBytes(StandardCharsets.UTF_8));
            refused(
                    ErrorCode.UPSTREAM_FAILED,
                    "(expected: 3 bytes)",
                    () -> pull.pull(pull.models().getFirst()));
            bodies.put(file(second, "model.onnx"), "t".getBytes(StandardCharsets.UTF_8));
            refused(
                    ErrorCode.UPSTREAM_FAILED,
                    "'1 bytes' (expected: 3 bytes)",
                    () -> pull.pull(pull.models().getFirst()));
            assertThat(served(pull)).containsExactly("m/1/model.onnx");
            assertThat(folder.resolve("cache/downloads")).isEmptyDirectory();
        }
    }

    @Test
    void a_version_that_is_too_large_or_has_odd_paths_is_not_begun() throws IOException {
        Digest digest = means("m", "latest", 1, Map.of("model.onnx", "one"));
        for (String path : List.of("../x", "/etc/x", "a/../../x", "", "./x")) {
            announce(digest, List.of(new ArtifactFiles.Entry(path, 3)));
            try (RegistryPull pull = pull("m")) {
                refused(ErrorCode.UPSTREAM_FAILED, "file: '" + path + "'", pull::start);
            }
        }
        announce(digest, List.of(new ArtifactFiles.Entry("model.onnx", MOST + 1)));
        try (RegistryPull pull = pull("m")) {
            refused(ErrorCode.TOO_LARGE, "expected: at most 1.0 MiB in", pull::start);
        }
    }

    @Test
    void a_start_without_the_registry_serves_what_was_pulled_and_says_so() throws IOException {
        means("m", "@live", 3, Map.of("model.onnx", "three"));
        try (RegistryPull pull = pull("m@live")) {
            pull.start();
        }
        registry.die();

        try (RegistryPull pull = pull("m@live")) {
            assertThat(pull.start().getFirst())
                    .startsWith("cached: m version 3, because registry " + registry.url())
                    .contains("does not answer");
            assertThat(served(pull)).containsExactly("m/3/model.onnx");
        }
        try (RegistryPull other = pull("m:2")) {
            refused(
                    ErrorCode.UPSTREAM_FAILED,
                    "registry %s: model m:2: control does not answer".formatted(registry.url()),
                    other::start);
        }
    }

    @Test
    void a_model_that_is_not_there_any_more_is_not_served_from_the_cache() throws IOException {
        means("m", "latest", 1, Map.of("model.onnx", "one"));
        try (RegistryPull pull = pull("m")) {
            pull.start();
        }
        bodies.clear();

        try (RegistryPull pull = pull("m")) {
            refused(ErrorCode.MODEL_NOT_FOUND, "model m: none", pull::start);
        }
    }

    @Test
    void models_that_are_not_asked_for_any_more_leave_the_folder() throws IOException {
        means("m", "latest", 1, Map.of("model.onnx", "one"));
        means("n", "latest", 1, Map.of("model.onnx", "one"));
        try (RegistryPull pull = pull("m", "n")) {
            pull.start();
            assertThat(served(pull)).containsExactly("m/1/model.onnx", "n/1/model.onnx");
        }
        try (RegistryPull pull = pull("n")) {
            pull.start();
            assertThat(served(pull)).containsExactly("n/1/model.onnx");
        }
    }

    @Test
    void a_cached_version_that_was_damaged_is_brought_again() throws IOException {
        Digest digest = means("m", "latest", 1, Map.of("model.onnx", "one"));
        try (RegistryPull pull = pull("m")) {
            pull.start();
        }
        Path cached = folder.resolve("cache/artifacts/sha256").resolve(digest.hex());
        Files.delete(cached.resolve("model.onnx"));
        Files.writeString(cached.resolve("model.onnx"), "eno");

        try (RegistryPull pull = pull("m")) {
            pull.start();
            assertThat(pull.folder().resolve("m/1/model.onnx")).hasContent("one");
        }
    }

    @Test
    void one_cache_serves_one_at_a_time() throws IOException {
        means("m", "latest", 1, Map.of("model.onnx", "one"));
        try (RegistryPull _ = pull("m")) {
            refused(ErrorCode.CONFLICT, "registry cache: '", () -> pull("m").close());
        }
        pull("m").close();
    }

    @Test
    void a_follower_brings_what_moves_and_says_once_what_it_cannot() throws IOException {
        means("m", "@live", 1, Map.of("model.onnx", "one"));
        try (CapturedLog log = CapturedLog.of(RegistryFollower.class.getName());
                RegistryPull pull = pull("m@live")) {
            pull.start();
            Digest second = means("m", "@live", 2, Map.of("model.onnx", "two"));
            byte[] right = bodies.put(file(second, "model.onnx"), new byte[3]);
            try (RegistryFollower _ = new RegistryFollower(pull, Duration.ofMillis(2))) {
                until(() ->
                        String.join("\n", log.messages())
                                .contains("m@live stays as it is: version 2: digest"));
                int before = registry.requests().size();
                until(() -> registry.requests().size() > before + 3);
                assertThat(served(pull)).containsExactly("m/1/model.onnx");
                bodies.put(file(second, "model.onnx"), right);
                until(() -> String.join("\n", log.messages()).contains("m@live is version 2 now"));
            }
            assertThat(served(pull)).containsExactly("m/2/model.onnx");
            assertThat(String.join("\n", log.messages()).split("stays as it is", -1)).hasSize(2);
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void until(Condition condition) {
        while (!condition.holds()) {
            Thread.onSpinWait();
        }
    }

    private RegistryPull pull(String... models) {
        return new RegistryPull(
                registry.url(),
                HttpClient.newHttpClient(),
                Optional::empty,
                folder.resolve("cache"),
                MOST,
                Stream.of(models).map(RegistryModel::parse).toList());
    }

    /// The registry means this version from now on.
    private Digest means(String model, String selector, int version, Map<String, String> files)
            throws IOException {
        Path made = Files.createTempDirectory(folder, "made-");
        List<ArtifactFiles.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = made.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
            entries.add(new ArtifactFiles.Entry(file.getKey(), Files.size(path)));
        }
        Digest digest = FolderDigest.of(made);
        for (Map.Entry<String, String> file : files.entrySet()) {
            bodies.put(
                    file(digest, file.getKey()), file.getValue().getBytes(StandardCharsets.UTF_8));
        }
        announce(digest, entries);
        bodies.put(
                "/api/v1/models/%s/versions/%s".formatted(model, selector),
                ("{\"name\":\"%s\",\"version\":%d,\"digest\":\"%s\",\"created\":\"2026-01-01T00:00:00Z\","
                                + "\"description\":\"\",\"metrics\":{},\"trainingRun\":\"\",\"dataDigest\":\"\",\"path\":\"/\"}")
                        .formatted(model, version, digest)
                        .getBytes(StandardCharsets.UTF_8));
        return digest;
    }

    private void announce(Digest digest, List<ArtifactFiles.Entry> entries) {
        bodies.put(
                "/api/v1/artifacts/%s/files".formatted(digest),
                JsonMapper.shared().writeValueAsBytes(new ArtifactFiles(entries)));
    }

    private static String file(Digest digest, String path) {
        return "/api/v1/artifacts/%s/file?path=%s".formatted(digest, path);
    }

    private static List<String> served(RegistryPull pull) {
        try (Stream<Path> all = Files.walk(pull.folder())) {
            return all.filter(Files::isRegularFile)
                    .map(path -> pull.folder().relativize(path).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void refused(ErrorCode code, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).as(e.toString()).isEqualTo(code))
                .hasMessageContaining(message);
    }
}
