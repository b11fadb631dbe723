package dev.tidemill.operator.kube;

import dev.tidemill.manifests.Names;
import dev.tidemill.operator.scale.DecisionShelf;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Optional;

/// Decisions in a ConfigMap for each pool. It has not the label of what is made of resources: no
/// watch shows it, so writing it has no namespace looked at, and nothing prunes it; it stays when
/// its model goes.
record DecisionMaps(KubernetesClient client, OperatorMetrics metrics) implements DecisionShelf {
    private static final String KEY = "decisions";

    @Override
    public Optional<String> get(String namespace, String pool) {
        return Optional.ofNullable(at(namespace, pool).get())
                .map(ConfigMap::getData)
                .map(data -> data.get(KEY));
    }

    @Override
    public void put(String namespace, String pool, String decisions) {
        metrics.wrote("decisions");
        var _ =
                client.configMaps()
                        .inNamespace(namespace)
                        .resource(
                                new ConfigMapBuilder()
                                        .withNewMetadata()
                                        .withName(Names.decisions(pool))
                                        .withNamespace(namespace)
                                        .addToLabels("app.kubernetes.io/part-of", "tidemill")
                                        .endMetadata()
                                        .addToData(KEY, decisions)
                                        .build())
                        .fieldManager(Writes.MANAGER)
                        .forceConflicts()
                        .serverSideApply();
    }

    private Resource<ConfigMap> at(String namespace, String pool) {
        return client.configMaps().inNamespace(namespace).withName(Names.decisions(pool));
    }
}
