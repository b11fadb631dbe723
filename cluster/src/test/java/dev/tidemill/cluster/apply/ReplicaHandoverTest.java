package dev.tidemill.cluster.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReplicaHandoverTest {
    @Test
    void replicas_that_were_ours_and_are_no_longer_said_get_another_owner() {
        assertThat(ReplicaHandover.of(live("tidemill"), Map.of("spec", Map.of())))
                .hasValueSatisfying(kept ->
                        assertThat(new Fields(kept).number("spec", "replicas")).isEqualTo(5));
    }

    @Test
    void replicas_that_are_still_said_or_were_never_ours_stay_as_they_are() {
        assertThat(ReplicaHandover.of(live("tidemill"), Map.of("spec", Map.of("replicas", 3))))
                .isEmpty();
        assertThat(ReplicaHandover.of(live("kube-controller-manager"), Map.of())).isEmpty();
    }

    private static Fields live(String manager) {
        return new Fields(
                Map.of(
                        "apiVersion",
                        "apps/v1",
                        "kind",
                        "Deployment",
                        "metadata",
                        Map.of(
                                "name",
                                "d",
                                "namespace",
                                "n",
                                "managedFields",
                                List.of(
                                        Map.of(
                                                "manager",
                                                manager,
                                                "fieldsV1",
                                                Map.of("f:spec", Map.of("f:replicas", Map.of()))))),
                        "spec",
                        Map.of("replicas", 5)));
    }
}
