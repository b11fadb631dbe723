package dev.tidemill.operator.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.client.gateway.CanaryReports.CanaryReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CanaryVerdictsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Map<String, Object> SPEC =
            Map.of(
                    "routes",
                    List.of(
                            Map.of("path", "/a", "model", "m"),
                            Map.of(
                                    "models",
                                    List.of("chat"),
                                    "upstreams",
                                    List.of(
                                            Map.of("url", "http://one"),
                                            Map.of("url", "http://two"),
                                            Map.of("url", "http://new")),
                                    "canary",
                                    Map.of("steps", List.of(10, 50, 100)))));
    private static final List<DeclaredCanary> DECLARED = DeclaredCanary.of(SPEC);

    @Test
    void a_route_without_a_name_is_called_by_its_place_as_the_parser_does() {
        assertThat(DECLARED)
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.route()).isEqualTo("route-2");
                    assertThat(one.steps()).isEqualTo(3);
                });
    }

    @Test
    void who_else_divides_requests_makes_it_no_other_rollout() {
        assertThat(DeclaredCanary.of(spec(Map.of("steps", List.of(10), "split", "istio"))))
                .isEqualTo(DeclaredCanary.of(spec(Map.of("steps", List.of(10)))))
                .isNotEqualTo(DeclaredCanary.of(spec(Map.of("steps", List.of(20)))));
    }

    private static Map<String, Object> spec(Map<String, Object> canary) {
        List<Object> upstreams = List.of(Map.of("model", "a"), Map.of("model", "b"));
        return Map.of(
                "routes", List.of(Map.of("name", "r", "upstreams", upstreams, "canary", canary)));
    }

    @Test
    void before_any_gateway_has_said_anything_it_waits() {
        assertThat(next(List.of(), Map.of(), 0).phase()).isEqualTo(CanaryEntry.Phase.WAITING);
    }

    @Test
    void the_gateway_that_is_behind_says_how_far_all_are() {
        CanaryEntry entry =
                next(
                        List.of(),
                        Map.of("g1", said("stepping", 2, 0.5), "g2", said("stepping", 1, 0.1)),
                        2);

        assertThat(entry.phase()).isEqualTo(CanaryEntry.Phase.STEPPING);
        assertThat(entry.percent()).isEqualTo(10);
        assertThat(entry.reason()).isEqualTo("g2: because 1");
    }

    @Test
    void one_gateway_that_rolled_back_is_enough_and_decides_for_good() {
        CanaryEntry entry =
                next(
                        List.of(),
                        Map.of("g1", said("stepping", 2, 0.5), "g2", said("rolled-back", 1, 0)),
                        2);
        CanaryEntry later = next(List.of(entry), Map.of("g3", said("stepping", 1, 0.1)), 1);

        assertThat(entry.isRolledBack()).isTrue();
        assertThat(entry.reason()).startsWith("g2: ");
        assertThat(later).isEqualTo(entry);
    }

    @Test
    void promoted_is_what_every_gateway_that_serves_has_promoted() {
        Map<String, List<CanaryReport>> one = Map.of("g1", said("promoted", 3, 1));

        assertThat(next(List.of(), one, 2).phase()).isEqualTo(CanaryEntry.Phase.STEPPING);
        assertThat(next(List.of(), one, 1).phase()).isEqualTo(CanaryEntry.Phase.PROMOTED);
    }

    @Test
    void evidence_that_grows_within_a_step_is_no_news() {
        CanaryEntry before = next(List.of(), Map.of("g1", said("stepping", 1, 0.1)), 1);
        CanaryReport more =
                new CanaryReport(
                        "route-2", "stepping", 1, 3, 0.1, false, Optional.empty(), "more of it");

        CanaryEntry after = next(List.of(before), Map.of("g1", List.of(more)), 1);

        assertThat(after).isEqualTo(before);
        assertThat(CanaryNews.of(List.of(before), List.of(after))).isEmpty();
        assertThat(CanaryNews.of(List.of(), List.of(after)))
                .singleElement()
                .satisfies(news -> assertThat(news.reason()).isEqualTo("CanaryStep"));
    }

    @Test
    void a_decision_is_about_this_version_and_no_other() {
        CanaryEntry other =
                new CanaryEntry(
                        "route-2", "another", CanaryEntry.Phase.ROLLED_BACK, 1, 3, 0, "r", "at");

        CanaryEntry entry = next(List.of(other), Map.of("g1", said("stepping", 1, 0.1)), 1);

        assertThat(entry.phase()).isEqualTo(CanaryEntry.Phase.STEPPING);
        assertThat(entry.version()).isEqualTo(DECLARED.getFirst().version());
    }

    @Test
    void what_was_decided_is_undone_by_a_person_alone() {
        CanaryEntry bad = next(List.of(), Map.of("g1", said("rolled-back", 1, 0)), 1);
        CanaryReport again =
                new CanaryReport(
                        "route-2", "stepping", 1, 3, 0.1, false, Optional.of(true), "by hand");

        assertThat(next(List.of(bad), Map.of("g1", List.of(again)), 1).phase())
                .isEqualTo(CanaryEntry.Phase.STEPPING);
        assertThat(next(List.of(bad), Map.of(), 0)).isEqualTo(bad);
    }

    @Test
    void what_is_written_into_a_status_is_read_back() {
        CanaryEntry entry = next(List.of(), Map.of("g1", said("stepping", 2, 0.5)), 1);

        assertThat(CanaryEntry.of(Map.of("canaries", List.of(entry.tree()))))
                .containsExactly(entry);
        assertThat(CanaryEntry.of(Map.of("canaries", "none"))).isEmpty();
    }

    private static CanaryEntry next(
            List<CanaryEntry> last, Map<String, List<CanaryReport>> reports, int gateways) {
        return CanaryVerdicts.of(DECLARED, last, reports, gateways, NOW).getFirst();
    }

    private static List<CanaryReport> said(String phase, int step, double share) {
        return List.of(
                new CanaryReport(
                        "route-2",
                        phase,
                        step,
                        3,
                        share,
                        false,
                        Optional.empty(),
                        "because " + step));
    }
}
