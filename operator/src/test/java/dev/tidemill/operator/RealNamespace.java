package dev.tidemill.operator;

import static org.awaitility.Awaitility.await;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.crd.Crds;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// A namespace of its own on the cluster of `KUBECONFIG`, with our kinds defined.
record RealNamespace(KubernetesClient client, String name) {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    static void assumeCluster() {
        Assumptions.assumeTrue(
                System.getenv("KUBECONFIG") != null, "no cluster: KUBECONFIG names none");
    }

    static void define(KubernetesClient client) {
        for (KubeObject crd : Crds.all()) {
            var _ =
                    client.apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .resource(
                                    client.getKubernetesSerialization()
                                            .convertValue(
                                                    crd.fields(), CustomResourceDefinition.class))
                            .forceConflicts()
                            .serverSideApply();
        }
        for (KubeObject crd : Crds.all()) {
            await().atMost(LIMIT)
                    .until(() ->
                            client
                                    .apiextensions()
                                    .v1()
                                    .customResourceDefinitions()
                                    .withName(crd.name())
                                    .get()
                                    .getStatus()
                                    .getConditions()
                                    .stream()
                                    .anyMatch(one ->
                                            one.getType().equals("Established")
                                                    && one.getStatus().equals("True")));
        }
    }

    static RealNamespace make(KubernetesClient client, String prefix) {
        String name = prefix + "-" + Long.toString(System.nanoTime(), 36);
        var _ =
                client.namespaces()
                        .resource(
                                new NamespaceBuilder()
                                        .withNewMetadata()
                                        .withName(name)
                                        .endMetadata()
                                        .build())
                        .create();
        return new RealNamespace(client, name);
    }

    void delete() {
        var _ = client.namespaces().withName(name).delete();
    }

    /// Until those that were made with that prefix are gone: what runs in them fills the node that
    /// the next tests need.
    static void awaitGone(KubernetesClient client, String prefix) {
        await().atMost(LIMIT.multipliedBy(2))
                .until(() ->
                        client.namespaces().list().getItems().stream()
                                .map(one -> one.getMetadata().getName())
                                .noneMatch(one -> one.startsWith(prefix + "-")));
    }

    NonNamespaceOperation<
                    GenericKubernetesResource,
                    GenericKubernetesResourceList,
                    Resource<GenericKubernetesResource>>
            all(String kind) {
        return client.genericKubernetesResources(
                        new ResourceDefinitionContext.Builder()
                                .withGroup("tidemill.dev")
                                .withVersion("v1alpha1")
                                .withKind(kind)
                                .withPlural(Crds.plural(kind))
                                .withNamespaced(true)
                                .build())
                .inNamespace(name);
    }

    /// @param spec YAML in one line
    void put(String kind, String resource, String spec) {
        var _ =
                all(kind)
                        .resource(tree(kind, resource, spec))
                        .fieldManager("test")
                        .forceConflicts()
                        .serverSideApply();
    }

    /// Keeps a resource from going, or lets it go.
    void hold(String kind, String resource, boolean held) {
        var _ =
                all(kind)
                        .withName(resource)
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"metadata\":{\"finalizers\":%s}}"
                                        .formatted(held ? "[\"tidemill.dev/test\"]" : "null"));
    }

    /// Of a definition.
    void annotate(String definition, String key, String value) {
        var _ =
                client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(definition)
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}"
                                        .formatted(key, value));
    }

    GenericKubernetesResource tree(String kind, String resource, String spec) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", "tidemill.dev/v1alpha1");
        tree.put("kind", kind);
        tree.put("metadata", Map.of("name", resource, "namespace", name));
        // What begins with a brace would be read as JSON.
        String yaml = spec.startsWith("---") ? spec : "---\n" + spec;
        tree.put("spec", client.getKubernetesSerialization().unmarshal(yaml, LinkedHashMap.class));
        return client.getKubernetesSerialization()
                .convertValue(tree, GenericKubernetesResource.class);
    }

    /// `STATUS REASON MESSAGE`, or nothing.
    String condition(String kind, String resource, String type) {
        GenericKubernetesResource item = all(kind).withName(resource).get();
        if (item == null || !(item.get("status", "conditions") instanceof List<?> conditions)) {
            return "";
        }
        return conditions.stream()
                .map(one -> (Map<?, ?>) one)
                .filter(one -> type.equals(one.get("type")))
                .map(one -> one.get("status") + " " + one.get("reason") + " " + one.get("message"))
                .findFirst()
                .orElse("");
    }

    long observedGeneration(String kind, String resource) {
        Object value = all(kind).withName(resource).get().get("status", "observedGeneration");
        return value instanceof Number number ? number.longValue() : 0;
    }

    Optional<Deployment> deployment(String deployment) {
        return Optional.ofNullable(
                client.apps().deployments().inNamespace(name).withName(deployment).get());
    }

    /// Until no Deployment has been written for a few looks.
    void settled() {
        await().atMost(LIMIT)
                .during(Duration.ofSeconds(5))
                .until(
                        () ->
                                client
                                        .apps()
                                        .deployments()
                                        .inNamespace(name)
                                        .list()
                                        .getItems()
                                        .stream()
                                        .map(one -> one.getMetadata().getGeneration())
                                        .toList(),
                        generations -> generations.stream().allMatch(one -> one == 1));
    }

    List<String> events(String reason) {
        return client.v1().events().inNamespace(name).list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .map(event -> event.getMessage())
                .toList();
    }
}
