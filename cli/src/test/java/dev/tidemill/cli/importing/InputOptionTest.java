package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InputOptionTest {
    @Test
    void shapes_keep_their_order_and_take_their_types() {
        Map<String, String> shapes = new LinkedHashMap<>();
        shapes.put("z", "1, 3,-1");
        shapes.put("a", "1");
        assertThat(InputOption.of(shapes, Map.of("a", "int64")))
                .containsExactly(
                        new InputOption("z", List.of(1L, 3L, -1L), ""),
                        new InputOption("a", List.of(1L), "int64"));
    }

    @Test
    void a_type_needs_no_shape() {
        assertThat(InputOption.of(Map.of(), Map.of("city", "string")))
                .containsExactly(new InputOption("city", List.of(), "string"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1,", "0,3", "1,x", "-2", "1,9999999999"})
    void what_is_no_shape_is_refused(String text) {
        assertThatThrownBy(() -> InputOption.of(Map.of("x", text), Map.of()))
                .hasMessageContaining("--input-shape x: '" + text + "'");
    }

    @Test
    void an_unknown_type_is_refused_with_the_known_ones() {
        assertThatThrownBy(() -> InputOption.of(Map.of(), Map.of("x", "long")))
                .hasMessageContaining("--input-type x: 'long'")
                .hasMessageContaining("int64");
    }
}
