package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A real API server takes everything that is rendered: no key that a kind does not have, no value
/// of another type, nothing deprecated, and no pod that the `restricted` standard keeps out. It
/// only says so; nothing of it runs.
final class RenderedOnCluster {
    private static StrictCluster cluster;

    @BeforeAll
    static void open() {
        cluster = StrictCluster.open("rendered-test");
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    static Set<String> sources() {
        return cluster.rendered().keySet();
    }

    static Set<String> types() {
        return cluster.types();
    }

    /// Those whose definitions are not here are skipped by their names.
    @ParameterizedTest
    @MethodSource("types")
    void every_kind_is_one_that_there_is(String type) {
        Map<String, Object> any =
                cluster.rendered().values().stream()
                        .flatMap(List::stream)
                        .filter(each -> ObjectTrees.type(each).equals(type))
                        .findFirst()
                        .orElseThrow();
        assumeTrue(
                cluster.isChecked(any),
                type + " is looked at by nobody: no definition (see dev/fetch-crds)");

        assertThat(cluster.server().knows(any)).as(type).isTrue();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void an_api_server_takes_every_object(String source) {
        assertThat(cluster.complaints(cluster.rendered().get(source))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void every_pod_is_let_into_a_namespace_that_enforces_restricted(String source) {
        List<Map<String, Object>> pods =
                cluster.rendered().get(source).stream()
                        .flatMap(each -> ObjectTrees.pods(each).stream())
                        .toList();
        pods.forEach(cluster::provideFor);

        assertThat(cluster.complaints(pods)).isEmpty();
    }

    /// Or it would say nothing that it takes all else.
    @Test
    void what_is_wrong_is_refused_here() {
        Map<String, Object> map = first("ConfigMap");
        Map<String, Object> pod = ObjectTrees.pods(first("Deployment")).getFirst();
        cluster.provideFor(pod);
        Map<String, Object> spec = ObjectTrees.map(pod.get("spec"));

        assertThat(cluster.complaints(List.of(ObjectTrees.with(map, "dat", Map.of()))))
                .singleElement()
                .asString()
                .contains("dat", "field not declared in schema");
        assertThat(
                        cluster.complaints(
                                List.of(
                                        ObjectTrees.with(
                                                pod,
                                                "spec",
                                                ObjectTrees.with(spec, "hostPID", true)))))
                .singleElement()
                .asString()
                .contains("violates PodSecurity");
        assertThat(
                        cluster.complaints(
                                ObjectTrees.read(
                                        "apiVersion: v1\nkind: Endpoints\nmetadata: {name: x}\n")))
                .singleElement()
                .asString()
                .contains("deprecated");
    }

    @Test
    void what_is_no_key_of_others_is_refused_here() {
        Map<String, Object> scaled = first("ScaledObject");
        assumeTrue(cluster.isChecked(scaled), "no definition of KEDA's (see dev/fetch-crds)");
        Map<String, Object> spec = ObjectTrees.map(scaled.get("spec"));

        assertThat(
                        cluster.complaints(
                                List.of(
                                        ObjectTrees.with(
                                                scaled,
                                                "spec",
                                                ObjectTrees.with(spec, "maxCount", 3)))))
                .singleElement()
                .asString()
                .contains("maxCount", "field not declared in schema");
        assertThat(
                        cluster.complaints(
                                List.of(
                                        ObjectTrees.with(
                                                scaled,
                                                "spec",
                                                ObjectTrees.with(
                                                        spec, "maxReplicaCount", "three")))))
                .isNotEmpty();
    }

    private static Map<String, Object> first(String kind) {
        return cluster.rendered().values().stream()
                .flatMap(List::stream)
                .filter(each -> ObjectTrees.kind(each).equals(kind))
                .findFirst()
                .orElseThrow();
    }
}
