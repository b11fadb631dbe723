package dev.tidemill.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What `render` prints, compared with what it printed when somebody last looked; written anew with
/// `-Dtidemill.update=true`.
final class RenderGoldenTest {
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Path GOLDEN = RenderCase.goldens();

    @TempDir Path folder;

    @ParameterizedTest
    @MethodSource("cases")
    void prints_the_same_as_ever(RenderCase each) throws IOException {
        String printed = each.rendered();

        Path path = GOLDEN.resolve(each.golden().orElseThrow());
        if (Boolean.getBoolean("tidemill.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(path, printed);
        }
        assertThat(path).as("write it anew with -Dtidemill.update=true").hasContent(printed);
    }

    private static List<RenderCase> cases() {
        return RenderCase.compared();
    }

    /// Or nobody compares it, and no API server looks at it.
    @Test
    void every_golden_file_is_one_of_these() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(
                            files.filter(Files::isRegularFile)
                                    .map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            cases().stream().flatMap(each -> each.golden().stream()).toList());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "keys/mirror, /etc/keys/mirror, routes[0].mirror.key.file",
        "env: REDIS_PASSWORD, file: ../redis, limits.shared.password.file"
    })
    void a_key_that_no_pod_can_be_given_is_found_wherever_it_is(
            String good, String bad, String place) throws IOException {
        Path file = folder.resolve("tidemill.yaml");
        String text = Files.readString(GOLDEN.resolve("gateway/tidemill.yaml"));
        Files.writeString(file, text.replace(good, bad));

        assertThat(RenderCase.run(List.of("render", "-f", file.toString())))
                .contains("spec." + place)
                .contains("names a key of the Secret front-gateway-keys");
    }

    @Test
    void prints_the_definitions_of_all_kinds_without_a_file() {
        assertThat(
                        RenderCase.run(List.of("render", "--crds"))
                                .lines()
                                .filter(line -> line.startsWith("kind:")))
                .hasSize(5)
                .containsOnly("kind: CustomResourceDefinition");
        assertThat(RenderCase.run(List.of("render")))
                .isEqualTo(
                        "-f: 'missing' (expected: a resource file, --crds, --operator or --kserve)\n");
    }

    @Test
    void asks_which_environment_is_meant() {
        String file = EXAMPLES.resolve("kubernetes/tidemill.yaml").toString();

        assertThat(RenderCase.run(List.of("render", "-f", file)))
                .isEqualTo("-e: 'missing' (expected: one of dev, prod)\n");
        assertThat(RenderCase.run(List.of("render", "-f", file, "-e", "prdo")))
                .isEqualTo("-e: 'prdo' (expected: one of dev, prod)\n");
        assertThat(RenderCase.run(List.of("render", "-f", file, "-e", "prod", "-o", "tar")))
                .isEqualTo("--output: 'tar' (expected: plain, helm or kustomize)\n");
    }

    @Test
    void a_folder_is_written_anew_but_for_what_others_put_there() throws IOException {
        String file = EXAMPLES.resolve("kubernetes/tidemill.yaml").toString();
        List<String> arguments =
                List.of("render", "-f", file, "-o", "kustomize", "--out", folder.toString());
        RenderCase.run(arguments);
        Path stale = folder.resolve("base/service-old.yaml");
        Files.writeString(stale, "kind: Service\n");
        Files.writeString(
                folder.resolve(".tidemill-rendered"),
                "base/service-old.yaml\n../outside\nbase/kustomization.yaml\n");
        Path foreign = folder.resolve("base/mine.yaml");
        Files.writeString(foreign, "kind: Mine\n");

        RenderCase.run(arguments);

        assertThat(stale).doesNotExist();
        assertThat(foreign).exists();
        assertThat(folder.resolve("overlays/prod/kustomization.yaml")).exists();
    }
}
