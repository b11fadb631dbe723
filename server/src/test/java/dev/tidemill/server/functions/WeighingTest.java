package dev.tidemill.server.functions;

import static dev.tidemill.testkit.Tensors.floats;
import static dev.tidemill.testkit.Tensors.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.RawBytes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every function says what it takes before it takes it.
final class WeighingTest {
    @TempDir Path folder;

    @Test
    void a_function_weighs_at_least_its_outputs_and_not_a_hundred_times_as_much() {
        Opened.write(folder, "vocab.txt", "[PAD]", "[UNK]", "[CLS]", "[SEP]", "the");
        Opened.write(folder, "labels.txt", "a", "b", "c");
        Tensor sentences = texts("text", new long[] {3}, "", "the the", "the ".repeat(50));
        Tensor scores = floats("scores", new long[] {2, 3}, 1, 2, 3, 4, 5, 6);
        Tensor input = floats("input", new long[] {2, 3}, 1, 2, 3, 4, 5, 6);
        for (String padding : List.of("max_length", "longest")) {
            assertWeighs(Opened.function(folder, "tokenize", "padding", padding), sentences);
        }
        assertWeighs(Opened.function("text_features"), sentences);
        assertWeighs(Opened.function(folder, "argmax_label", "labels", "labels.txt"), scores);
        assertWeighs(Opened.function(folder, "top_k", "k", "2", "labels", "labels.txt"), scores);
        assertWeighs(Opened.function("cast", "to", "FP64"), input);
        assertWeighs(Opened.function("softmax"), floats("logits", new long[] {1, 3}, 1, 2, 3));
        assertWeighs(
                Opened.function("concat"),
                floats("input_0", new long[] {1, 1}, 1),
                floats("input_1", new long[] {1, 2}, 2, 3));
    }

    private static void assertWeighs(LoadedModel function, Tensor... inputs) {
        long out = function.run(List.of(inputs)).stream().mapToLong(RawBytes::size).sum();
        assertThat(function.isWeighed()).isTrue();
        assertThat(function.workingBytes(List.of(inputs)))
                .as(function.toString())
                .isBetween(out, 100 * out);
    }
}
