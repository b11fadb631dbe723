package dev.tidemill.control.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.testkit.FakeModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SentModelTest {
    private static final Path FILE = Path.of("model.onnx");
    private static final String SAID =
            """
            {"format": "onnx", "file": "model.onnx", "labels": ["no", "yes"], "scores": "p",
             "samples": []%s}
            """;
    private static final String FEATURES =
            ", \"features\": {\"minGram\": 1, \"maxGram\": 3, \"buckets\": 64, \"maxLength\": 80}";

    @Test
    void what_fits_the_model_is_taken_as_it_was_said() {
        ModelManifest manifest = said(SAID.formatted(FEATURES), 64);

        assertThat(manifest.labels()).containsExactly("no", "yes");
        assertThat(manifest.features()).isPresent();
    }

    @Test
    void samples_are_refused_for_a_server_would_run_them() {
        assertRefused(
                SAID.formatted("")
                        .replace(
                                "\"samples\": []",
                                "\"samples\": [{\"text\": \"\", \"row\": [1], \"label\": \"no\"}]"),
                "model.json: 'samples' (expected: none; they are for models that are trained here)");
    }

    @Test
    void text_features_must_make_what_the_model_takes() {
        assertRefused(
                SAID.formatted(FEATURES),
                "model.json: 'features' (expected: a model with one input of FP32 [-1, 64])");
    }

    @Test
    void scores_must_be_an_output_with_a_column_a_label() {
        assertRefused(
                SAID.formatted("").replace("\"p\"", "\"q\""),
                "model.json: tidemill.scores: 'q' (expected: an output of 2 columns");
    }

    @Test
    void what_is_no_manifest_is_not_laid_to_the_model() {
        assertRefused("{\"format\": \"onnx\"}", "model.json: 'unreadable' (expected: JSON with");
        assertRefused("null", "model.json: 'null' (expected: a JSON object)");
        assertRefused(
                SAID.formatted("").replace("model.onnx", "other.onnx"),
                "model.json: 'other' (expected: format onnx and file model.onnx)");
    }

    @Test
    void a_file_that_cannot_be_loaded_is_called_so() {
        assertThatThrownBy(() -> SentModel.manifest(new Loading(0), FILE))
                .hasMessage("body: 'unusable' (expected: an ONNX model; broken)");
    }

    /// By a model with 8 inputs.
    private static void assertRefused(String json, String words) {
        assertThatThrownBy(() -> said(json, 8))
                .hasMessageStartingWith(words)
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
    }

    private static ModelManifest said(String json, long width) {
        return SentModel.manifest(new Loading(width), FILE, json);
    }

    /// @param width of the vectors that every file's model takes; 0 when no file is a model
    private record Loading(long width) implements ModelRuntime {
        @Override
        public String format() {
            return "onnx";
        }

        @Override
        public LoadedModel load(Path file, LoadOptions options) {
            if (width == 0) {
                throw new TidemillException(ErrorCode.MODEL_FAILED, "broken");
            }
            return new FakeModel(
                    List.of(new TensorSpec("x", DataType.FP32, List.of(-1L, width))),
                    List.of(new TensorSpec("p", DataType.FP32, List.of(-1L, 2L))),
                    inputs -> inputs);
        }

        @Override
        public void close() {}
    }
}
