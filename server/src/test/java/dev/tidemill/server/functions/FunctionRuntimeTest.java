package dev.tidemill.server.functions;

import static dev.tidemill.testkit.Tensors.floats;
import static dev.tidemill.testkit.Tensors.floatsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FunctionRuntimeTest {
    @TempDir Path folder;

    @Test
    void names_the_nearest_function_and_the_nearest_parameter() {
        assertThatThrownBy(() -> Opened.function("softmaks"))
                .hasMessage("parameters.function: 'softmaks' (expected: softmax?)");
        assertThatThrownBy(() -> Opened.function("nothing_like_it"))
                .hasMessageStartingWith(
                        "parameters.function: 'nothing_like_it' (expected: one of [argmax_label, ");
        assertThatThrownBy(() -> Opened.function("softmax", "temprature", "2"))
                .hasMessage(
                        "parameters.temprature: '2' (expected: no such parameter; temperature?)");
        assertThatThrownBy(() -> Opened.function("softmax", "width", "2"))
                .hasMessage(
                        "parameters.width: '2' (expected: a parameter of softmax: [temperature])");
    }

    @Test
    void finds_functions_that_users_bring() {
        LoadedModel negate = Opened.function("negate");
        assertThat(floatsOf(negate.run(List.of(floats("x", new long[] {1, 2}, 1, -2))).getFirst()))
                .containsExactly(-1, 2);
    }

    @Test
    void two_functions_cannot_have_one_name() {
        assertThatThrownBy(() -> Functions.of(List.of(new Negate(), new Negate())))
                .hasMessageStartingWith("function: 'negate' twice, by ");
    }

    @Test
    void reads_the_file_of_a_manifest() {
        Opened.write(
                folder,
                "function.json",
                "{\"function\":\"softmax\",\"parameters\":{\"temperature\":\"2\"}}");
        FunctionRuntime runtime = new FunctionRuntime(Functions::builtIn);
        assertThat(runtime.load(folder.resolve("function.json")).inputs().getFirst().name())
                .isEqualTo("logits");
        Opened.write(folder, "broken.json", "{\"function\":\"softmax\",");
        for (String file : List.of("broken.json", "missing.json")) {
            assertThatThrownBy(() -> runtime.load(folder.resolve(file)))
                    .isInstanceOf(TidemillException.class)
                    .hasMessageContaining("(expected: JSON that names a function)");
        }
    }
}
