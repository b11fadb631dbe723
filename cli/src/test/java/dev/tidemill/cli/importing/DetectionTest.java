package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DetectionTest {
    @Test
    void a_folder_with_saved_model_pb_is_a_saved_model_and_runs_no_code() {
        Detected found = of("m", "saved_model.pb", "variables/variables.index");
        assertThat(found.kind()).isEqualTo(ModelKind.SAVED_MODEL);
        assertThat(found.main()).isEmpty();
        assertThat(found.runsCode()).isEmpty();
    }

    @Test
    void of_numbered_versions_the_highest_number_is_taken() {
        Detected found = of("m", "9/saved_model.pb", "10/saved_model.pb");
        assertThat(found.main()).isEqualTo("10");
        assertThat(found.why()).contains("10/saved_model.pb");
    }

    @Test
    void config_json_and_safetensors_are_transformers_and_run_no_code() {
        Detected found = of("m", "config.json", "model.safetensors", "tokenizer.json");
        assertThat(found.kind()).isEqualTo(ModelKind.TRANSFORMERS);
        assertThat(found.runsCode()).isEmpty();
    }

    @Test
    void transformers_weights_in_a_pickle_need_trust() {
        assertThat(of("m", "config.json", "pytorch_model.bin").runsCode()).contains("a pickle");
    }

    @Test
    void checkpoints_of_a_training_beside_transformers_weights_do_not_confuse() {
        assertThat(
                        of("m", "config.json", "model.safetensors", "optimizer.pt", "scheduler.pt")
                                .kind())
                .isEqualTo(ModelKind.TRANSFORMERS);
    }

    @ParameterizedTest
    @CsvSource({
        "m.skops, SKLEARN, false",
        "m.joblib, SKLEARN, true",
        "m.pkl, SKLEARN, true",
        "m.pickle, SKLEARN, true",
        "m.pt, TORCH, true",
        "m.pth, TORCH, true",
        "m.pt2, TORCH, true"
    })
    void a_file_is_what_its_ending_says(String name, ModelKind kind, boolean trust) {
        Detected found = Detection.of(new Listing(name, false, List.of(name)), Optional.empty());
        assertThat(found.kind()).isEqualTo(kind);
        assertThat(found.main()).isEmpty();
        assertThat(found.runsCode().isPresent()).isEqualTo(trust);
    }

    @Test
    void the_one_model_file_of_a_folder_is_its_model() {
        assertThat(of("m", "MLmodel", "conda.yaml", "model.pkl").main()).isEqualTo("model.pkl");
        assertThat(of("m", "MLmodel", "data/model.pth").main()).isEqualTo("data/model.pth");
    }

    @Test
    void several_model_files_are_named_and_none_is_guessed() {
        assertThatThrownBy(() -> of("m", "a.pkl", "b.joblib"))
                .hasMessageContaining("a.pkl, b.joblib")
                .hasMessageContaining("pass one of these files");
    }

    @Test
    void what_could_be_two_kinds_is_asked_for() {
        assertThatThrownBy(() -> of("m", "a.pkl", "b.pt"))
                .hasMessageContaining("sklearn (its file is a.pkl)")
                .hasMessageContaining("torch (its file is b.pt)")
                .hasMessageContaining("--kind");
    }

    @Test
    void the_kind_that_somebody_names_is_taken() {
        Listing both = new Listing("m", true, List.of("a.pkl", "b.pt"));
        assertThat(Detection.of(both, Optional.of(ModelKind.TORCH)).main()).isEqualTo("b.pt");
    }

    @Test
    void a_kind_that_the_files_are_not_is_refused() {
        assertThatThrownBy(() ->
                        Detection.of(
                                new Listing("m", true, List.of("a.pkl")),
                                Optional.of(ModelKind.SAVED_MODEL)))
                .hasMessageContaining("--kind saved-model");
    }

    @ParameterizedTest
    @CsvSource({
        "m.onnx, tidemill register",
        "m.keras, model.export",
        "m.h5, model.export",
        "m.safetensors, config.json",
        "m.cbm, CatBoost",
        "m.gguf, llama.cpp"
    })
    void what_is_known_but_cannot_be_imported_says_what_to_do(String name, String words) {
        assertThatThrownBy(() ->
                        Detection.of(new Listing(name, false, List.of(name)), Optional.empty()))
                .hasMessageContaining(words);
    }

    @Test
    void what_is_unknown_says_what_is_known() {
        assertThatThrownBy(() -> of("m", "README.md"))
                .hasMessageContaining("model: 'm'")
                .hasMessageContaining("saved_model.pb")
                .hasMessageContaining(".skops");
    }

    private static Detected of(String name, String... files) {
        return Detection.of(new Listing(name, true, List.of(files)), Optional.empty());
    }
}
