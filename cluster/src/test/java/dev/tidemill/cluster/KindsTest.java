package dev.tidemill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KindsTest {
    @ParameterizedTest
    @CsvSource({
        "Deployment, deployments",
        "NetworkPolicy, networkpolicies",
        "PriorityClass, priorityclasses",
        "Ingress, ingresses",
        "Gateway, gateways",
        "Endpoints, endpoints",
        "HTTPRoute, httproutes",
        "PodDisruptionBudget, poddisruptionbudgets"
    })
    void a_kind_is_found_by_its_plural(String kind, String plural) {
        assertThat(Kinds.plural(kind)).isEqualTo(plural);
    }

    @Test
    void what_is_the_whole_clusters_is_in_no_namespace() {
        assertThat(Kinds.ref("v1", "Namespace", "a", "b").namespace()).isEmpty();
        assertThat(Kinds.ref("v1", "Pod", "a", "b").namespace()).isEqualTo(Optional.of("a"));
        assertThat(Kinds.ref("v1", "Pod", "a", "b").id()).isEqualTo("pod/b");
    }
}
