package dev.tidemill.cluster.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    @Test
    void a_deployment_that_nobody_has_looked_at_since_it_changed_is_not_done() {
        assertThat(Progress.of(deployment(2, 2, 1, Map.of())).done()).isFalse();
    }

    @Test
    void a_deployment_is_done_when_all_new_pods_are_available_and_no_old_one_is_left() {
        Map<String, Object> done =
                Map.of("updatedReplicas", 2, "availableReplicas", 2, "replicas", 2);
        Map<String, Object> ending =
                Map.of("updatedReplicas", 2, "availableReplicas", 2, "replicas", 3);

        assertThat(Progress.of(deployment(2, 1, 1, done))).isEqualTo(new Progress(2, 2, true));
        assertThat(Progress.of(deployment(2, 1, 1, ending))).isEqualTo(new Progress(2, 2, false));
    }

    @Test
    void a_stateful_set_is_done_when_its_newest_revision_is_its_current_one() {
        Map<String, Object> moving =
                Map.of(
                        "currentRevision",
                        "a",
                        "updateRevision",
                        "b",
                        "availableReplicas",
                        1,
                        "replicas",
                        1);
        Map<String, Object> done = new HashMap<>(moving);
        done.put("currentRevision", "b");
        done.put("updatedReplicas", 1);

        assertThat(Progress.of(workload("StatefulSet", 1, 1, 1, moving)))
                .isEqualTo(new Progress(0, 1, false));
        assertThat(Progress.of(workload("StatefulSet", 1, 1, 1, done)))
                .isEqualTo(new Progress(1, 1, true));
    }

    @Test
    void a_quota_that_is_used_up_is_told_in_the_clusters_words() {
        Map<String, Object> condition =
                Map.of(
                        "type", "ReplicaFailure",
                        "status", "True",
                        "reason", "FailedCreate",
                        "message", "pods \"x\" is forbidden: exceeded quota: tidemill");

        assertThat(Progress.refused(deployment(1, 1, 1, Map.of("conditions", List.of(condition)))))
                .hasValueSatisfying(trouble -> {
                    assertThat(trouble.object()).isEqualTo("deployment/d");
                    assertThat(trouble.message()).contains("exceeded quota");
                    assertThat(trouble.lasting()).isTrue();
                });
    }

    private static Fields deployment(
            int replicas, int generation, int observed, Map<String, Object> status) {
        return workload("Deployment", replicas, generation, observed, status);
    }

    private static Fields workload(
            String kind, int replicas, int generation, int observed, Map<String, Object> status) {
        Map<String, Object> all = new HashMap<>(status);
        all.put("observedGeneration", observed);
        return new Fields(
                Map.of(
                        "kind",
                        kind,
                        "metadata",
                        Map.of("name", "d", "generation", generation),
                        "spec",
                        Map.of("replicas", replicas),
                        "status",
                        all));
    }
}
