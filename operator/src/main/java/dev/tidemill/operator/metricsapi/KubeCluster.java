package dev.tidemill.operator.metricsapi;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.OperatorApis;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A real API server.
///
/// @param wrote is told of each write, by its verb
record KubeCluster(KubernetesClient client, Consumer<String> wrote)
        implements ApiRegistration.Cluster {
    private static final ResourceDefinitionContext API_SERVICES =
            context("apiregistration.k8s.io", "APIService", "apiservices", false);
    private static final ResourceDefinitionContext ENDPOINTS =
            context("discovery.k8s.io", "EndpointSlice", "endpointslices", true);
    private static final ResourceDefinitionContext ROLES =
            context("rbac.authorization.k8s.io", "ClusterRole", "clusterroles", false);

    @Override
    public Optional<Map<String, Object>> apiService(String name) {
        return Optional.ofNullable(
                        client.genericKubernetesResources(API_SERVICES).withName(name).get())
                .map(found -> {
                    Map<String, Object> fields =
                            new LinkedHashMap<>(found.getAdditionalProperties());
                    Map<String, Object> metadata = new LinkedHashMap<>();
                    metadata.put("labels", found.getMetadata().getLabels());
                    fields.put("metadata", metadata);
                    return fields;
                });
    }

    @Override
    public Optional<String> ownerUid() {
        return Optional.ofNullable(
                        client.genericKubernetesResources(ROLES).withName(OperatorApis.NAME).get())
                .map(role -> role.getMetadata().getUid());
    }

    @Override
    public Map<String, String> authentication() {
        ConfigMap found =
                client.configMaps()
                        .inNamespace(FrontProxy.CONFIG_NAMESPACE)
                        .withName(FrontProxy.CONFIG)
                        .get();
        return found == null || found.getData() == null ? Map.of() : found.getData();
    }

    @Override
    public void apply(KubeObject object) {
        GenericKubernetesResource item =
                client.getKubernetesSerialization()
                        .convertValue(object.fields(), GenericKubernetesResource.class);
        Resource<GenericKubernetesResource> resource =
                object.namespace().isPresent()
                        ? client.genericKubernetesResources(ENDPOINTS)
                                .inNamespace(object.namespace().get())
                                .resource(item)
                        : client.genericKubernetesResources(API_SERVICES).resource(item);
        wrote.accept("apply");
        var _ = resource.fieldManager(OperatorApis.NAME).forceConflicts().serverSideApply();
    }

    @Override
    public void deleteApiService(String name) {
        wrote.accept("delete");
        var _ = client.genericKubernetesResources(API_SERVICES).withName(name).delete();
    }

    private static ResourceDefinitionContext context(
            String group, String kind, String plural, boolean namespaced) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion("v1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }
}
