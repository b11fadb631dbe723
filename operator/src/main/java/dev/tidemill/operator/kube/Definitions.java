package dev.tidemill.operator.kube;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.crd.Crds;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether a cluster's definitions of our kinds are those of this release. With older ones it takes
/// resources all the same, and silently loses keys that they do not know.
final class Definitions {
    private static final System.Logger LOG = System.getLogger(Definitions.class.getName());
    private static final ResourceDefinitionContext CONTEXT =
            new ResourceDefinitionContext.Builder()
                    .withGroup("apiextensions.k8s.io")
                    .withVersion("v1")
                    .withKind("CustomResourceDefinition")
                    .withPlural("customresourcedefinitions")
                    .withNamespaced(false)
                    .build();

    private Definitions() {}

    /// In a sentence; empty when all are of this release, or may not be read.
    static Optional<String> outdated(KubernetesClient client) {
        List<String> others = new ArrayList<>();
        for (KubeObject crd : Crds.all()) {
            try {
                GenericKubernetesResource live =
                        client.genericKubernetesResources(CONTEXT).withName(crd.name()).get();
                if (live != null && !digest(live).equals(Crds.digest(crd))) {
                    others.add(crd.name());
                }
            } catch (KubernetesClientException e) {
                LOG.log(System.Logger.Level.DEBUG, crd.name(), e);
            }
        }
        Optional<String> words =
                Optional.of(others)
                        .filter(some -> !some.isEmpty())
                        .map(some ->
                                "the cluster's definitions of %s are of another release than this"
                                                .formatted(String.join(", ", some))
                                        + " operator: keys that they do not know are lost");
        words.ifPresent(sentence -> LOG.log(System.Logger.Level.WARNING, sentence));
        return words;
    }

    private static String digest(GenericKubernetesResource live) {
        Map<String, String> annotations =
                Optional.ofNullable(live.getMetadata().getAnnotations()).orElse(Map.of());
        return annotations.getOrDefault(Crds.DIGEST, "");
    }
}
