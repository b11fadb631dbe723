package dev.tidemill.cli.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegistryModelTest {
    @ParameterizedTest
    @CsvSource({
        "digits, digits, latest, true",
        "digits@production, digits, @production, true",
        "digits:12, digits, 12, false"
    })
    void reads_what_version_is_meant(String text, String name, String selector, boolean moves) {
        RegistryModel model = RegistryModel.parse(text);

        assertThat(model).isEqualTo(new RegistryModel(name, selector));
        assertThat(model.moves()).isEqualTo(moves);
        assertThat(model).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "@a", ":1", "m@", "m:", "m:0", "m:x", "m:01", "m@a:1", "m:1@a", "../m", "=m",
                "a=", "A=m", "a=b=c"
            })
    void refuses_the_rest(String text) {
        assertThatThrownBy(() -> RegistryModel.parse(text))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("expected: NAME, NAME@ALIAS or NAME:VERSION");
    }

    @Test
    void a_model_may_be_served_by_another_name() {
        RegistryModel model = RegistryModel.parse("digits-eu=digits@production");

        assertThat(model).isEqualTo(new RegistryModel("digits-eu", "digits", "@production"));
        assertThat(model).hasToString("digits-eu=digits@production");
    }

    @Test
    void the_latest_version_is_called_as_it_was_asked_for() {
        assertThat(RegistryModel.parse("m")).hasToString("m");
    }
}
