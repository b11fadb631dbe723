package dev.tidemill.manifests.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.manifests.KubeObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KustomizationTest {
    private static final KubeObject BASE = deployment(null, 2, "a:1");

    @Test
    void an_overlay_holds_what_is_different_and_no_more() {
        Map<String, String> files =
                Kustomization.of(
                        List.of(BASE), Map.of("prod", List.of(deployment("ai", 5, "a:1"))));

        assertThat(files)
                .containsOnlyKeys(
                        "base/deployment-d.yaml",
                        "base/kustomization.yaml",
                        "overlays/prod/kustomization.yaml");
        assertThat(files.get("overlays/prod/kustomization.yaml"))
                .isEqualTo(
                        """
                        apiVersion: kustomize.config.k8s.io/v1beta1
                        kind: Kustomization
                        resources:
                        - "../../base"
                        namespace: ai
                        patches:
                        - target:
                            group: apps
                            version: v1
                            kind: Deployment
                            name: d
                          patch: |
                            - op: replace
                              path: /spec/replicas
                              value: 5
                        """);
    }

    @Test
    void objects_come_and_go() {
        Map<String, String> files =
                Kustomization.of(
                        List.of(BASE),
                        Map.of("dev", List.of(object("v1", "ConfigMap", "c", Map.of()))));

        assertThat(files.get("overlays/dev/kustomization.yaml"))
                .contains("- configmap-c.yaml", "$patch", "delete", "kind: Deployment");
        assertThat(files).containsKey("overlays/dev/configmap-c.yaml");
    }

    @Test
    void a_patch_makes_one_tree_of_another() {
        Map<String, Object> from =
                Map.of("a", 1, "b", Map.of("x/y~z", 1), "c", List.of(1, Map.of("d", 2)));
        Map<String, Object> to =
                Map.of("b", Map.of("x/y~z", 2), "c", List.of(1, Map.of("d", 3)), "e", List.of());

        assertThat(JsonPatch.between(from, to))
                .containsExactlyInAnyOrder(
                        Map.of("op", "remove", "path", "/a"),
                        Map.of("op", "replace", "path", "/b/x~1y~0z", "value", 2),
                        Map.of("op", "replace", "path", "/c/1/d", "value", 3),
                        Map.of("op", "add", "path", "/e", "value", List.of()));
        assertThat(JsonPatch.between(from, from)).isEmpty();
    }

    private static KubeObject deployment(@Nullable String namespace, int replicas, String image) {
        return object(
                "apps/v1",
                "Deployment",
                "d",
                namespace == null ? Map.of() : Map.of("namespace", namespace),
                "spec",
                Map.of("replicas", replicas, "image", List.of(image)));
    }

    private static KubeObject object(
            String version, String kind, String name, Map<String, ?> metadata, Object... rest) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("apiVersion", version);
        fields.put("kind", kind);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", name);
        all.putAll(metadata);
        fields.put("metadata", all);
        List<Object> pairs = new ArrayList<>(List.of(rest));
        for (int i = 0; i < pairs.size(); i += 2) {
            fields.put(String.valueOf(pairs.get(i)), pairs.get(i + 1));
        }
        return new KubeObject(fields);
    }
}
