package dev.tidemill.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DriftTest {
    @Test
    void what_a_server_adds_is_no_drift() {
        assertThat(
                        drift(
                                Map.of("spec", Map.of("a", 1)),
                                Map.of("spec", Map.of("a", 1, "b", 2), "status", Map.of())))
                .isEmpty();
    }

    @Test
    void what_differs_is_named_by_its_path() {
        Map<String, Object> wanted =
                Map.of("spec", Map.of("containers", List.of(Map.of("name", "a", "image", "x:1"))));
        Map<String, Object> there =
                Map.of("spec", Map.of("containers", List.of(Map.of("name", "a", "image", "x:2"))));

        assertThat(drift(wanted, there)).containsExactly("spec.containers[0].image");
    }

    @Test
    void what_is_gone_is_drift_but_for_what_means_the_same_as_nothing() {
        assertThat(drift(Map.of("spec", Map.of("a", 1)), Map.of())).containsExactly("spec.a");
        assertThat(
                        drift(
                                Map.of(
                                        "spec",
                                        Map.of("a", false, "b", "", "c", Map.of(), "d", List.of())),
                                Map.of()))
                .isEmpty();
    }

    @Test
    void quantities_are_compared_as_what_they_are() {
        assertThat(
                        drift(
                                Map.of("cpu", "0.5", "memory", 1024),
                                Map.of("cpu", "500m", "memory", "1Ki")))
                .isEmpty();
        assertThat(drift(Map.of("cpu", "0.5"), Map.of("cpu", "501m"))).containsExactly("cpu");
    }

    @Test
    void named_things_may_be_in_another_order() {
        assertThat(
                        drift(
                                Map.of(
                                        "env",
                                        List.of(
                                                Map.of("name", "a", "value", "1"),
                                                Map.of("name", "b", "value", "2"))),
                                Map.of(
                                        "env",
                                        List.of(
                                                Map.of("name", "b", "value", "2"),
                                                Map.of("name", "a", "value", "1")))))
                .isEmpty();
    }

    @Test
    void a_longer_or_shorter_list_is_drift_as_a_whole() {
        assertThat(drift(Map.of("args", List.of("a")), Map.of("args", List.of("a", "b"))))
                .containsExactly("args");
    }

    private static List<String> drift(Map<String, Object> wanted, Map<String, Object> there) {
        return Drift.between(wanted, there);
    }
}
