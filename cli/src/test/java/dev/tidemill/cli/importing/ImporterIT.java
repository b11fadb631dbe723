package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.cli.state.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The processes around a conversion, with a shell script in the part of Python.
final class ImporterIT {
    @TempDir private Path folder;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private StateFolder state;
    private FakePython python;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        state = new StateFolder(folder.resolve("data"));
        python = FakePython.in(folder.resolve("fake"));
        model = Files.writeString(folder.resolve("model.joblib"), "a pickle");
    }

    @Test
    void a_model_that_agrees_is_handed_on_with_what_is_known_of_it() {
        ImportedModel imported = convert();
        assertThat(imported.labels()).containsExactly("no", "yes");
        assertThat(imported.scores()).isEqualTo("p");
        assertThat(imported.description())
                .isEqualTo("imported from the sklearn model model.joblib (fake 1)");
        assertThat(String.join("\n", said))
                .contains("kind: sklearn: its file is model.joblib")
                .contains("trust: loading a pickle can run any code")
                .contains("converter: loaded")
                .contains("check: the ONNX model agrees");
    }

    @Test
    void the_environment_is_made_once() throws IOException {
        convert();
        convert();
        assertThat(python.asked("-m venv")).isEqualTo(1);
        assertThat(python.asked("-m pip install")).isEqualTo(1);
    }

    @Test
    void nothing_is_left_of_a_conversion_but_the_environment() throws IOException {
        convert();
        try (Stream<Path> left = Files.list(state.cache())) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactly("converters");
        }
    }

    @Test
    void the_version_that_wrote_the_file_is_installed() throws IOException {
        python.on(
                "inspect",
                FakePython.says(
                        "{\"event\":\"result\",\"format\":\"pickle\",\"version\":\"1.6.1\"}"));
        python.on("pip", "cp \"${9}\" '%s'".formatted(folder.resolve("installed")));
        convert();
        assertThat(folder.resolve("installed")).content().contains("scikit-learn==1.6.1\n");
    }

    @Test
    void a_pickle_is_not_even_looked_at_without_trust() {
        assertThatThrownBy(() -> convert(request(false, Optional.empty())))
                .hasMessageContaining("expected: --trust")
                .hasMessageContaining("can run any code");
        assertThat(folder.resolve("fake").resolve("asked")).doesNotExist();
    }

    @Test
    void a_failed_installation_says_why_and_is_tried_again_next_time() throws IOException {
        python.on("pip", "echo 'ERROR: Max retries exceeded' >&2; exit 1");
        assertThatThrownBy(this::convert)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("import.log");
        python.on("pip", "echo Successfully installed");
        assertThat(convert().labels()).hasSize(2);
        assertThat(python.asked("-m venv")).isEqualTo(2);
    }

    @Test
    void credentials_of_a_package_index_reach_no_log() throws IOException {
        python.on("pip", "echo 'ERROR: odd answer of https://me:secret@index.example' >&2; exit 1");
        assertThatThrownBy(this::convert).hasMessageNotContaining("secret");
        assertThat(state.log("import"))
                .content()
                .contains("https://***@index")
                .doesNotContain("secret");
    }

    @Test
    void what_cannot_be_converted_is_named_with_what_to_do() throws IOException {
        python.converts(
                "{\"event\":\"refused\",\"what\":\"mine.Step: no converter\",\"todo\":\"replace it\"}");
        assertThatThrownBy(this::convert)
                .hasMessageContaining("cannot be converted: mine.Step: no converter")
                .hasMessageContaining("what to do: replace it");
    }

    @Test
    void a_model_that_does_not_agree_is_not_handed_on() throws IOException {
        python.converts(
                FakePython.difference(0.5), "{\"event\":\"result\",\"labels\":[],\"scores\":\"\"}");
        assertThatThrownBy(this::convert)
                .hasMessageContaining("does not agree")
                .hasMessageContaining("output p: 'differs by 0.500 in a batch of 1'");
    }

    @Test
    void a_converter_that_dies_is_told_from_one_that_refuses() throws IOException {
        python.on("convert", "kill -9 $$");
        assertThatThrownBy(this::convert)
                .hasMessageContaining("ended with code 137 and no result")
                .hasMessageContaining("memory");
    }

    @Test
    void a_converter_that_takes_too_long_is_ended_with_its_children() throws Exception {
        Path pid = folder.resolve("pid");
        python.on("convert", "sleep 600 & echo $! >'%s'; wait".formatted(pid));
        convertsEnvironmentFirst();
        assertThatThrownBy(() -> convert(limited(Duration.ofSeconds(2))))
                .hasMessageContaining("still running after 2.0 s")
                .hasMessageContaining("--timeout");
        Optional<ProcessHandle> child =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
        if (child.isPresent()) {
            assertThat(child.get().onExit().get(10, TimeUnit.SECONDS).isAlive()).isFalse();
        }
    }

    @Test
    void without_a_usable_python_everything_tried_is_named() throws IOException {
        python.on("version", "echo tidemill 3 8");
        assertThatThrownBy(this::convert)
                .hasMessageContaining("python: 'none usable'")
                .hasMessageContaining("tried " + python.program() + ": Python 3.8");
        python.on("version", "exit 1");
        assertThatThrownBy(this::convert).hasMessageContaining("python3-venv");
    }

    @Test
    void somebody_elses_environment_is_used_as_it_is() throws IOException {
        Path venv = folder.resolve("own");
        Files.createDirectories(venv.resolve("bin"));
        Files.copy(python.program(), venv.resolve("bin").resolve("python"));
        python.on("version", "echo lacks");
        assertThat(convert(request(true, Optional.of(venv))).labels()).hasSize(2);
        assertThat(python.asked("-m")).isZero();
        python.on("version", "echo lacks skl2onnx joblib");
        assertThatThrownBy(() -> convert(request(true, Optional.of(venv))))
                .hasMessageContaining("it lacks skl2onnx joblib");
    }

    private void convertsEnvironmentFirst() throws IOException {
        Path commands = folder.resolve("fake").resolve("convert");
        String slow = Files.readString(commands);
        python.converts(FakePython.agreeing());
        convert();
        python.on("convert", slow);
    }

    private ImportedModel convert() {
        return convert(request(true, Optional.empty()));
    }

    private ImportedModel convert(ImportRequest request) {
        return new Importer(
                        state,
                        Map.of("TIDEMILL_PYTHON", python.program().toString()),
                        (about, what) -> said.add(about + ": " + what))
                .convert(
                        request,
                        imported -> {
                            assertThat(content(imported.file())).isEqualTo("model\n");
                            return imported;
                        });
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ImportRequest limited(Duration limit) {
        return request(true, Optional.empty(), limit);
    }

    private ImportRequest request(boolean trust, Optional<Path> venv) {
        return request(trust, venv, Duration.ofMinutes(1));
    }

    private ImportRequest request(boolean trust, Optional<Path> venv, Duration limit) {
        return new ImportRequest(
                model,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                0,
                trust,
                1e-4,
                7,
                venv,
                Optional.empty(),
                "",
                limit);
    }
}
