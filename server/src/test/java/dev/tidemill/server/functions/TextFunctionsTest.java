package dev.tidemill.server.functions;

import static dev.tidemill.server.functions.ScoreFunctionsTest.longsOf;
import static dev.tidemill.testkit.Tensors.floatsOf;
import static dev.tidemill.testkit.Tensors.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TextFeatures;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextFunctionsTest {
    @TempDir Path folder;

    @BeforeEach
    void vocabulary() {
        Opened.write(
                folder,
                "vocab.txt",
                "[PAD]",
                "[UNK]",
                "[CLS]",
                "[SEP]",
                "un",
                "##aff",
                "##able",
                "the",
                "cafe",
                "!",
                "中",
                "affable",
                "Café");
    }

    @Test
    void takes_words_apart_the_longest_beginning_first() {
        LoadedModel tokens = Opened.function(folder, "tokenize", "max_length", "8");
        List<Tensor> found = run(tokens, "Unaffable the CAFÉ!", "affable", "");
        assertThat(found.getFirst().shape()).containsExactly(3, 8);
        assertThat(longsOf(found.getFirst()))
                .containsExactly(
                        2, 4, 5, 6, 7, 8, 9, 3, //
                        2, 11, 3, 0, 0, 0, 0, 0, //
                        2, 3, 0, 0, 0, 0, 0, 0);
        assertThat(longsOf(found.get(1)))
                .containsExactly(
                        1, 1, 1, 1, 1, 1, 1, 1, //
                        1, 1, 1, 0, 0, 0, 0, 0, //
                        1, 1, 0, 0, 0, 0, 0, 0);
        assertThat(tokens.outputs().getFirst().shape()).containsExactly(-1L, 8L);
    }

    @Test
    void cuts_long_texts_and_keeps_the_last_mark() {
        LoadedModel tokens = Opened.function(folder, "tokenize", "max_length", "4");
        assertThat(longsOf(run(tokens, "unaffable the").getFirst())).containsExactly(2, 4, 5, 3);
    }

    @Test
    void what_it_does_not_know_is_unknown_as_a_whole() {
        LoadedModel tokens = Opened.function(folder, "tokenize", "padding", "longest");
        List<Tensor> found = run(tokens, "unx a中b " + "x".repeat(101));
        assertThat(longsOf(found.getFirst())).containsExactly(2, 1, 1, 10, 1, 1, 3);
        assertThat(tokens.outputs().getFirst().shape()).containsExactly(-1L, -1L);
    }

    @Test
    void control_characters_go_and_other_spaces_divide() {
        LoadedModel tokens = Opened.function(folder, "tokenize", "padding", "longest");
        List<Tensor> found = run(tokens, "t\u0000h\u200be\u00a0the\u3000!!\t\n");
        assertThat(longsOf(found.getFirst())).containsExactly(2, 7, 7, 9, 9, 3);
    }

    @Test
    void divides_at_white_space_alone_when_asked_to() {
        LoadedModel tokens =
                Opened.function(
                        folder,
                        "tokenize",
                        "kind",
                        "whitespace",
                        "lower_case",
                        "false",
                        "max_length",
                        "3",
                        "token_type_ids",
                        "true");
        List<Tensor> found = run(tokens, " the  Café the! the", "");
        assertThat(longsOf(found.getFirst())).containsExactly(7, 12, 1, 0, 0, 0);
        assertThat(longsOf(found.get(1))).containsExactly(1, 1, 1, 0, 0, 0);
        assertThat(found.get(2).name()).isEqualTo("token_type_ids");
        assertThat(longsOf(found.get(2))).containsOnly(0);
    }

    @Test
    void needs_its_vocabulary() {
        assertThatThrownBy(() -> Opened.function(folder, "tokenize", "vocab", "other.txt"))
                .hasMessage(
                        "parameters.vocab: 'other.txt' (expected: a text file in the model's folder)");
        assertThatThrownBy(() -> Opened.function(folder, "tokenize", "unk_token", "<unk>"))
                .hasMessage("parameters.unk_token: '<unk>' (expected: a word of the vocabulary)");
    }

    @Test
    void text_features_are_those_of_training() {
        LoadedModel features =
                Opened.function(
                        "text_features",
                        "min_gram",
                        "1",
                        "max_gram",
                        "3",
                        "buckets",
                        "64",
                        "max_length",
                        "20");
        float[] found = floatsOf(run(features, "Hello", "World").getFirst());
        TextFeatures definition = new TextFeatures(1, 3, 64, 20);
        assertThat(Arrays.copyOf(found, 64)).isEqualTo(definition.vector("Hello"));
        assertThat(Arrays.copyOfRange(found, 64, 128)).isEqualTo(definition.vector("World"));
    }

    private static List<Tensor> run(LoadedModel model, String... values) {
        return model.run(List.of(texts("text", new long[] {values.length}, values)));
    }
}
