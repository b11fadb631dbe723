package dev.tidemill.server.engine;

import static dev.tidemill.testkit.Tensors.floats;
import static dev.tidemill.testkit.Tensors.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.runtimes.spi.TextFeatures;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClientTensorsTest {
    private static final TensorSpec A = new TensorSpec("a", DataType.FP32, List.of(-1L));
    private static final TensorSpec B = new TensorSpec("b", DataType.FP32, List.of(-1L));
    private static final TensorSpec SCORES =
            new TensorSpec("scores", DataType.FP32, List.of(-1L, 2L));
    private static final ModelManifest PLAIN =
            new ModelManifest("fake", "f", Optional.empty(), List.of(), "", List.of());
    private static final ModelManifest CLASSIFIER =
            new ModelManifest(
                    "fake", "f", Optional.empty(), List.of("yes", "no"), "scores", List.of());

    @Test
    void the_model_is_fed_in_its_own_order() {
        ClientTensors tensors = ClientTensors.of(PLAIN, List.of(A, B), List.of(SCORES));
        Tensor a = floats("a", new long[] {1}, 1);
        Tensor b = floats("b", new long[] {1}, 2);

        assertThat(tensors.fed(List.of(b, a))).containsExactly(a, b);
    }

    @Test
    void a_single_input_is_fed_as_it_came() {
        ClientTensors tensors = ClientTensors.of(PLAIN, List.of(A), List.of(SCORES));
        List<Tensor> sent = List.of(floats("a", new long[] {1}, 1));

        assertThat(tensors.fed(sent)).isSameAs(sent);
        assertThat(tensors.bytes(sent)).isZero();
    }

    @Test
    void all_outputs_are_given_as_they_are_where_nobody_chose() {
        ClientTensors tensors = ClientTensors.of(PLAIN, List.of(A), List.of(A, B));
        List<Tensor> given =
                List.of(floats("a", new long[] {1}, 1), floats("b", new long[] {1}, 2));

        assertThat(tensors.chosen(given, List.of())).isSameAs(given);
        assertThat(tensors.chosen(given, List.of("b"))).containsExactly(given.getLast());
    }

    @Test
    void labels_stand_last_or_where_they_were_asked_for() {
        ClientTensors tensors = ClientTensors.of(CLASSIFIER, List.of(A), List.of(SCORES));
        List<Tensor> given = List.of(floats("scores", new long[] {1, 2}, 1, 2));

        assertThat(tensors.givesLabels()).isTrue();
        assertThat(tensors.outputs()).containsExactly(SCORES, LabelOutput.SPEC);
        assertThat(names(tensors.chosen(given, List.of()))).containsExactly("scores", "label");
        assertThat(names(tensors.chosen(given, List.of("label", "scores"))))
                .containsExactly("label", "scores");
        assertThat(names(tensors.chosen(given, List.of("scores")))).containsExactly("scores");
    }

    @Test
    void text_stands_in_for_the_models_vectors() {
        ModelManifest manifest =
                new ModelManifest(
                        "fake",
                        "f",
                        Optional.of(new TextFeatures(1, 2, 64, 100)),
                        List.of(),
                        "",
                        List.of());
        TensorSpec vector = new TensorSpec("vector", DataType.FP32, List.of(-1L, 64L));
        ClientTensors tensors = ClientTensors.of(manifest, List.of(vector), List.of(SCORES));
        List<Tensor> sent = List.of(texts("text", new long[] {2}, "one", "two"));

        assertThat(tensors.takesText()).isTrue();
        assertThat(tensors.inputs()).containsExactly(TextInput.SPEC);
        assertThat(tensors.bytes(sent)).isEqualTo(2 * 64 * 4);
        assertThat(tensors.fed(sent).getFirst().shape()).containsExactly(2, 64);
    }

    @Test
    void an_output_that_the_model_does_not_have_is_refused() {
        ClientTensors tensors = ClientTensors.of(CLASSIFIER, List.of(A), List.of(SCORES));

        assertThatThrownBy(() ->
                        tensors.check(List.of(floats("a", new long[] {1}, 1)), List.of("other")))
                .hasMessage("outputs: 'other' (expected: scores, label)");
    }

    private static List<String> names(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::name).toList();
    }
}
