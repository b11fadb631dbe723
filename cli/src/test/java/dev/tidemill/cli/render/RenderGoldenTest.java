package dev.tidemill.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.command.Root;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `render` prints, compared with what it printed when somebody last looked; written anew with
/// `-Dtidemill.update=true`.
final class RenderGoldenTest {
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Path GOLDEN = Path.of("src", "test", "resources", "render");

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "quickstart.yaml, quickstart/tidemill.yaml, ''",
        "dev.yaml, kubernetes/tidemill.yaml, -e dev",
        "prod.yaml, kubernetes/tidemill.yaml, -e prod",
        "gateway.yaml, ../cli/src/test/resources/render/gateway/tidemill.yaml, ''",
        "mtls.yaml, ../cli/src/test/resources/render/mtls/tidemill.yaml, ''",
        "mtls-operator.yaml, ../cli/src/test/resources/render/mtls/tidemill.yaml, --operator",
        "kserve.yaml, kubernetes/tidemill.yaml, -e dev --kserve",
        "images.yaml, ../cli/src/test/resources/render/images/tidemill.yaml, ''",
        "app.yaml, ../cli/src/test/resources/render/app/tidemill.yaml, ''",
        "split.yaml, ../cli/src/test/resources/render/split/tidemill.yaml, ''",
        "stores.yaml, ../cli/src/test/resources/render/stores/tidemill.yaml, -e dev",
        "named-stores.yaml, ../cli/src/test/resources/render/stores/tidemill.yaml, -e prod",
        "helm.txt, kubernetes/tidemill.yaml, -e prod --output helm",
        "kustomize.txt, kubernetes/tidemill.yaml, --output kustomize"
    })
    void prints_the_same_as_ever(String golden, String file, String options) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("render", "-f", EXAMPLES.resolve(file).toString()));
        Stream.of(options.split(" ")).filter(word -> !word.isEmpty()).forEach(arguments::add);

        String printed = run(arguments);

        Path path = GOLDEN.resolve(golden);
        if (Boolean.getBoolean("tidemill.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(path, printed);
        }
        assertThat(path).as("write it anew with -Dtidemill.update=true").hasContent(printed);
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

        assertThat(run(List.of("render", "-f", file.toString())))
                .contains("spec." + place)
                .contains("names a key of the Secret front-gateway-keys");
    }

    @Test
    void prints_the_operator_as_ever() throws IOException {
        String printed = run(List.of("render", "--operator"));

        Path path = GOLDEN.resolve("operator.yaml");
        if (Boolean.getBoolean("tidemill.update")) {
            Files.writeString(path, printed);
        }
        assertThat(path).as("write it anew with -Dtidemill.update=true").hasContent(printed);
    }

    @Test
    void prints_the_definitions_of_all_kinds_without_a_file() {
        assertThat(
                        run(List.of("render", "--crds"))
                                .lines()
                                .filter(line -> line.startsWith("kind:")))
                .hasSize(5)
                .containsOnly("kind: CustomResourceDefinition");
        assertThat(run(List.of("render")))
                .isEqualTo(
                        "-f: 'missing' (expected: a resource file, --crds, --operator or --kserve)\n");
    }

    @Test
    void asks_which_environment_is_meant() {
        String file = EXAMPLES.resolve("kubernetes/tidemill.yaml").toString();

        assertThat(run(List.of("render", "-f", file)))
                .isEqualTo("-e: 'missing' (expected: one of dev, prod)\n");
        assertThat(run(List.of("render", "-f", file, "-e", "prdo")))
                .isEqualTo("-e: 'prdo' (expected: one of dev, prod)\n");
        assertThat(run(List.of("render", "-f", file, "-e", "prod", "-o", "tar")))
                .isEqualTo("--output: 'tar' (expected: plain, helm or kustomize)\n");
    }

    @Test
    void a_folder_is_written_anew_but_for_what_others_put_there() throws IOException {
        String file = EXAMPLES.resolve("kubernetes/tidemill.yaml").toString();
        List<String> arguments =
                List.of("render", "-f", file, "-o", "kustomize", "--out", folder.toString());
        run(arguments);
        Path stale = folder.resolve("base/service-old.yaml");
        Files.writeString(stale, "kind: Service\n");
        Files.writeString(
                folder.resolve(".tidemill-rendered"),
                "base/service-old.yaml\n../outside\nbase/kustomization.yaml\n");
        Path foreign = folder.resolve("base/mine.yaml");
        Files.writeString(foreign, "kind: Mine\n");

        run(arguments);

        assertThat(stale).doesNotExist();
        assertThat(foreign).exists();
        assertThat(folder.resolve("overlays/prod/kustomization.yaml")).exists();
    }

    private static String run(List<String> arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Root.commandLine(out, out, InstantSource.system())
                .execute(arguments.toArray(String[]::new));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
