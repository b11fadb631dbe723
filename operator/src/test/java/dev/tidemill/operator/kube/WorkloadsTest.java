package dev.tidemill.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.operator.status.PodState;
import dev.tidemill.operator.status.Trouble;
import dev.tidemill.operator.status.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Trees as API servers have them.
final class WorkloadsTest {
    @Test
    void a_deployment_that_its_controller_has_not_seen_yet_is_not_current() {
        Workload workload =
                Workloads.workload(
                        "deployment/a",
                        3,
                        Map.of(
                                "spec",
                                Map.of("replicas", 2),
                                "status",
                                Map.of("observedGeneration", 2, "readyReplicas", 1)));

        assertThat(workload.current()).isFalse();
        assertThat(workload.replicas()).isEqualTo(2);
        assertThat(workload.ready()).isEqualTo(1);
    }

    @Test
    void why_no_pod_can_be_made_is_in_a_condition() {
        Workload workload =
                Workloads.workload(
                        "deployment/a",
                        1,
                        Map.of(
                                "status",
                                Map.of(
                                        "conditions",
                                        List.of(
                                                Map.of(
                                                        "type",
                                                        "ReplicaFailure",
                                                        "status",
                                                        "True",
                                                        "message",
                                                        "exceeded quota")))));

        assertThat(workload.failure()).contains("exceeded quota");
    }

    @Test
    void a_pod_that_is_ready_or_ends_is_no_trouble() {
        Map<String, Object> ready =
                Map.of(
                        "status",
                        Map.of("conditions", List.of(Map.of("type", "Ready", "status", "True"))));

        assertThat(Workloads.pod("p", false, ready)).isEmpty();
        assertThat(Workloads.pod("p", true, Map.of())).isEmpty();
        assertThat(Workloads.pod("p", false, Map.of()).flatMap(PodState::trouble)).isEmpty();
    }

    @Test
    void what_a_pod_waits_for_is_read() {
        Optional<Trouble> image =
                Workloads.pod(
                                "p",
                                false,
                                Map.of(
                                        "status",
                                        Map.of(
                                                "containerStatuses",
                                                List.of(
                                                        Map.of(
                                                                "image",
                                                                "x:1",
                                                                "state",
                                                                Map.of(
                                                                        "waiting",
                                                                        Map.of(
                                                                                "reason",
                                                                                "ErrImagePull")))))))
                        .flatMap(PodState::trouble);
        Optional<Trouble> node =
                Workloads.pod(
                                "p",
                                false,
                                Map.of(
                                        "status",
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
                                                                "0/1 nodes")))))
                        .flatMap(PodState::trouble);

        assertThat(image.map(Trouble::reason)).contains("ImageMissing");
        assertThat(node.map(Trouble::reason)).contains("NodeFull");
    }
}
