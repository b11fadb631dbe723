package dev.tidemill.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestTest {
    private static final List<String> KEYS = List.of("source", "runtime", "resources", "scaling");

    @Test
    void finds_the_word_that_was_mistyped() {
        assertThat(Nearest.of("scalling", KEYS)).contains("scaling");
        assertThat(Nearest.of("Scaling", KEYS)).contains("scaling");
        assertThat(Nearest.of("ressources", KEYS)).contains("resources");
        assertThat(Nearest.of("run-time", KEYS)).contains("runtime");
    }

    @Test
    void finds_nothing_for_a_word_of_its_own() {
        assertThat(Nearest.of("replicas", KEYS)).isEmpty();
        assertThat(Nearest.of("", KEYS)).isEmpty();
        assertThat(Nearest.of("s".repeat(1000), KEYS)).isEmpty();
    }

    @Test
    void counts_a_swap_of_neighbours_as_one_mistake() {
        assertThat(Nearest.distance("kidn", "kind")).isEqualTo(1);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    }
}
