package dev.tidemill.server.functions;

import static dev.tidemill.testkit.Tensors.bytesOf;
import static dev.tidemill.testkit.Tensors.floats;
import static dev.tidemill.testkit.Tensors.floatsOf;
import static dev.tidemill.testkit.Tensors.textsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScoreFunctionsTest {
    @TempDir Path folder;

    @Test
    void softmax_gives_probabilities_and_does_not_overflow() {
        LoadedModel softmax = Opened.function("softmax");
        float[] found =
                floatsOf(
                        only(
                                softmax,
                                floats(
                                        "logits",
                                        new long[] {2, 3},
                                        0,
                                        (float) Math.log(2),
                                        (float) Math.log(5),
                                        1000,
                                        1000,
                                        -1000)));
        assertThat(found)
                .containsExactly(new float[] {0.125f, 0.25f, 0.625f, 0.5f, 0.5f, 0}, within(1e-6f));
    }

    @Test
    void softmax_divides_by_the_temperature() {
        LoadedModel softmax = Opened.function("softmax", "temperature", "2");
        float[] found =
                floatsOf(
                        only(softmax, floats("logits", new long[] {1, 2}, 0, (float) Math.log(9))));
        assertThat(found).containsExactly(new float[] {0.25f, 0.75f}, within(1e-6f));
    }

    @Test
    void softmax_of_what_is_no_number_is_no_number() {
        float[] found =
                floatsOf(
                        only(
                                Opened.function("softmax"),
                                floats("logits", new long[] {1, 2}, Float.NaN, 1)));
        assertThat(found).containsOnly(Float.NaN);
    }

    @Test
    void top_k_gives_the_largest_first_and_the_first_of_equals_first() {
        Opened.write(folder, "names.txt", "a", "b", "c", "d");
        LoadedModel top = Opened.function(folder, "top_k", "k", "3", "labels", "names.txt");
        List<Tensor> found =
                top.run(
                        List.of(
                                floats(
                                        "scores",
                                        new long[] {2, 4},
                                        0.1f,
                                        0.4f,
                                        0.4f,
                                        0.2f,
                                        Float.NaN,
                                        -1,
                                        Float.NEGATIVE_INFINITY,
                                        -0.0f)));
        assertThat(found.stream().map(Tensor::name)).containsExactly("values", "indices", "labels");
        assertThat(found.getFirst().shape()).containsExactly(2, 3);
        assertThat(floatsOf(found.getFirst()))
                .containsExactly(0.4f, 0.4f, 0.2f, -0.0f, -1, Float.NaN);
        assertThat(longsOf(found.get(1))).containsExactly(1, 2, 3, 3, 1, 0);
        assertThat(textsOf(found.get(2))).containsExactly("b", "c", "d", "d", "b", "a");
        assertThat(top.outputs().get(2).shape()).containsExactly(-1L, 3L);
    }

    @Test
    void top_k_gives_all_where_there_are_fewer() {
        List<Tensor> found =
                Opened.function("top_k").run(List.of(floats("scores", new long[] {1, 2}, 1, 2)));
        assertThat(found).hasSize(2);
        assertThat(longsOf(found.get(1))).containsExactly(1, 0);
    }

    @Test
    void no_rows_and_no_classes_give_none() {
        Tensor none = floats("logits", new long[] {0, 3});
        assertThat(only(Opened.function("softmax"), none).shape()).containsExactly(0, 3);
        Tensor narrow = floats("scores", new long[] {2, 0});
        assertThat(Opened.function("top_k").run(List.of(narrow)).getFirst().shape())
                .containsExactly(2, 0);
    }

    @Test
    void argmax_label_names_the_best_of_every_row() {
        Opened.write(folder, "names.txt", "cat", "dog");
        LoadedModel best = Opened.function(folder, "argmax_label", "labels", "names.txt");
        Tensor found = only(best, floats("scores", new long[] {3, 2}, 1, 2, 3, 3, Float.NaN, -9));
        assertThat(textsOf(found)).containsExactly("dog", "cat", "dog");
        assertThatThrownBy(() ->
                        best.run(
                                List.of(floats("scores", new long[] {1, 2}, Float.NaN, Float.NaN))))
                .isInstanceOf(TidemillException.class)
                .hasMessage("scores: 'NaN' in row 0 (expected: numbers)");
    }

    @Test
    void label_files_must_lie_in_the_folder() {
        for (String file : List.of("missing.txt", "../names.txt", "/etc/hostname", "a\0b")) {
            assertThatThrownBy(() -> Opened.function(folder, "argmax_label", "labels", file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(expected: a text file in the model's folder)");
        }
        assertThatThrownBy(() -> Opened.function(folder, "argmax_label"))
                .hasMessage("parameters.labels: '' (expected: a file with a class name a line)");
    }

    private static Tensor only(LoadedModel model, Tensor input) {
        List<Tensor> outputs = model.run(List.of(input));
        assertThat(outputs).hasSize(1);
        assertThat(outputs.getFirst().name()).isEqualTo(model.outputs().getFirst().name());
        return outputs.getFirst();
    }

    static long[] longsOf(Tensor tensor) {
        byte[] bytes = bytesOf(tensor);
        long[] longs = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(longs);
        return longs;
    }
}
