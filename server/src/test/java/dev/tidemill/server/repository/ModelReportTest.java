package dev.tidemill.server.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.server.repository.VersionStatus.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ModelReportTest {
    @Test
    void a_model_without_versions_says_why() {
        assertThat(report(List.of(), List.of(), "not loaded", false).versions())
                .containsExactly(status("", State.UNAVAILABLE, "not loaded"));
        assertThat(report(List.of(), List.of(), "loading", true).usual().state())
                .isEqualTo(State.LOADING);
    }

    @Test
    void versions_on_their_way_out_come_last_and_once() {
        ModelReport report =
                report(List.of(status("2", State.LOADING, "")), List.of("1", "2"), "", false);

        assertThat(report.versions())
                .containsExactly(
                        status("2", State.LOADING, ""),
                        status("1", State.UNLOADING, "in use still"));
    }

    @Test
    void a_version_with_nothing_to_say_says_what_the_model_says() {
        ModelReport report =
                report(
                        List.of(
                                status("2", State.UNAVAILABLE, "broken"),
                                status("1", State.LOADING, "")),
                        List.of(),
                        "folder: gone",
                        false);

        assertThat(report.version("1").reason()).isEqualTo("folder: gone");
        assertThat(report.version("2").reason()).isEqualTo("broken");
        assertThat(report.reason()).hasValue("broken");
    }

    @Test
    void the_usual_version_is_the_newest_that_is_ready() {
        ModelReport report =
                new ModelReport(
                        "m",
                        List.of(
                                status("3", State.UNAVAILABLE, "broken"),
                                status("2", State.READY, ""),
                                status("1", State.READY, "")));

        assertThat(report.usual().version()).isEqualTo("2");
    }

    @Test
    void an_unknown_version_is_refused_with_those_that_are_known() {
        ModelReport report =
                report(
                        List.of(status("2", State.LOADING, ""), status("1", State.LOADING, "")),
                        List.of(),
                        "",
                        false);

        assertThatThrownBy(() -> report.version("7"))
                .hasMessage("model m: version: '7' (expected: 2, 1)");
    }

    private static ModelReport report(
            List<VersionStatus> statuses, List<String> leaving, String problem, boolean loading) {
        return ModelReport.of(
                "m",
                new ModelView(Optional.empty(), Map.of(), statuses, Map.of()),
                leaving,
                problem,
                loading);
    }

    private static VersionStatus status(String version, State state, String reason) {
        return new VersionStatus("m", version, state, reason);
    }
}
