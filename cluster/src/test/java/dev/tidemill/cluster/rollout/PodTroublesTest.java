package dev.tidemill.cluster.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Statuses as a kubelet 1.35 writes them.
final class PodTroublesTest {
    @Test
    void a_pod_that_is_ready_or_ends_has_no_trouble() {
        Map<String, Object> ready = Map.of("type", "Ready", "status", "True");

        assertThat(PodTroubles.of(pod(Map.of("conditions", List.of(ready))), List.of())).isEmpty();
        assertThat(
                        PodTroubles.of(
                                new Fields(
                                        Map.of(
                                                "metadata",
                                                Map.of(
                                                        "name",
                                                        "p",
                                                        "deletionTimestamp",
                                                        "2026-01-01T00:00:00Z"))),
                                List.of(warning("Unhealthy", "x"))))
                .isEmpty();
    }

    @Test
    void a_pod_on_its_way_has_no_trouble() {
        assertThat(PodTroubles.of(waiting("ContainerCreating", ""), List.of())).isEmpty();
    }

    @Test
    void no_node_with_room_is_told_in_the_schedulers_words_and_may_pass() {
        Fields pod =
                pod(
                        Map.of(
                                "conditions",
                                List.of(
                                        Map.of(
                                                "type",
                                                "PodScheduled",
                                                "status",
                                                "False",
                                                "reason",
                                                "Unschedulable",
                                                "message",
                                                "0/1 nodes are available: 1 Insufficient cpu."))));

        assertThat(PodTroubles.of(pod, List.of()))
                .hasValue(
                        new Trouble(
                                "pod/p",
                                "Unschedulable",
                                "0/1 nodes are available: 1 Insufficient cpu.",
                                false,
                                List.of()));
    }

    @Test
    void an_image_that_cannot_be_had_lasts_once_the_kubelet_has_given_up_for_now() {
        assertThat(PodTroubles.of(waiting("ErrImagePull", "not found"), List.of()))
                .hasValueSatisfying(trouble -> assertThat(trouble.lasting()).isFalse());
        assertThat(PodTroubles.of(waiting("ImagePullBackOff", "not found"), List.of()))
                .hasValueSatisfying(trouble -> {
                    assertThat(trouble.lasting()).isTrue();
                    assertThat(trouble.message())
                            .isEqualTo("image 'example.com/t:1' cannot be had: not found");
                });
    }

    @Test
    void a_crash_is_told_with_its_code_its_cause_and_how_often() {
        Fields pod =
                pod(
                        Map.of(
                                "containerStatuses",
                                List.of(
                                        Map.of(
                                                "name",
                                                "server",
                                                "restartCount",
                                                3,
                                                "state",
                                                Map.of(
                                                        "waiting",
                                                        Map.of(
                                                                "reason",
                                                                "CrashLoopBackOff",
                                                                "message",
                                                                "back-off 40s")),
                                                "lastState",
                                                Map.of(
                                                        "terminated",
                                                        Map.of(
                                                                "exitCode",
                                                                137,
                                                                "reason",
                                                                "OOMKilled"))))));

        assertThat(PodTroubles.of(pod, List.of()))
                .hasValueSatisfying(trouble -> {
                    assertThat(trouble.message())
                            .isEqualTo(
                                    "container server ended with code 137 (OOMKilled), 3 times by now");
                    assertThat(trouble.lasting()).isTrue();
                });
        assertThat(PodTroubles.crashed(pod)).isPresent();
    }

    @Test
    void a_failing_probe_and_a_missing_volume_are_told_by_their_newest_event() {
        Fields pod = waiting("ContainerCreating", "");

        assertThat(
                        PodTroubles.of(
                                pod,
                                List.of(
                                                warning(
                                                        "FailedMount",
                                                        "secret \"control-tokens\" not found"),
                                                Map.of("type", "Normal", "reason", "Pulled"))
                                        .stream()
                                        .map(PodTroublesTest::fields)
                                        .toList()))
                .hasValueSatisfying(trouble -> {
                    assertThat(trouble.reason()).isEqualTo("FailedMount");
                    assertThat(trouble.lasting()).isTrue();
                });
    }

    private static Fields fields(Object value) {
        return value instanceof Fields fields
                ? fields
                : new Fields(Map.of("event", value)).child("event");
    }

    private static Fields warning(String reason, String message) {
        return new Fields(
                Map.of(
                        "type",
                        "Warning",
                        "reason",
                        reason,
                        "message",
                        message,
                        "lastTimestamp",
                        "2026-01-01T00:00:00Z"));
    }

    private static Fields waiting(String reason, String message) {
        return pod(
                Map.of(
                        "containerStatuses",
                        List.of(
                                Map.of(
                                        "name",
                                        "server",
                                        "image",
                                        "example.com/t:1",
                                        "restartCount",
                                        0,
                                        "state",
                                        Map.of(
                                                "waiting",
                                                Map.of("reason", reason, "message", message))))));
    }

    private static Fields pod(Map<String, Object> status) {
        return new Fields(Map.of("metadata", Map.of("name", "p"), "status", status));
    }
}
