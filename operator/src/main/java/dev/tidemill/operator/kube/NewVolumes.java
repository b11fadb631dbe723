package dev.tidemill.operator.kube;

import dev.tidemill.operator.act.ObjectKey;
import dev.tidemill.operator.act.Wanted;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Has StatefulSets wait that are not there yet, until the Environment is known that they are of.
/// What their volumes are made of cannot be changed any more, whoever applies several resources
/// takes a while from the first to the last, and the watches of several kinds are not equally
/// quick: one that had to begin anew is seconds behind.
record NewVolumes(KubernetesClient client, Seen seen, Memory memory) {
    private static final System.Logger LOG = System.getLogger(NewVolumes.class.getName());

    /// @param wanted of which those are taken that have to wait
    /// @param there what the namespace has
    /// @return whether any has to
    boolean takeFrom(String namespace, List<Wanted> wanted, Set<ObjectKey> there) {
        Predicate<Wanted> isNew =
                one ->
                        one.key().kind().equals(Kinds.STATEFUL_SET.kind())
                                && !there.contains(one.key());
        if (wanted.stream().noneMatch(isNew)
                || (!memory.isYoung() && seesAllEnvironments(namespace))) {
            return false;
        }
        wanted.removeIf(isNew);
        return true;
    }

    private boolean seesAllEnvironments(String namespace) {
        try {
            return generations(seen.list(Kinds.ENVIRONMENT))
                    .equals(
                            generations(
                                    client.genericKubernetesResources(Kinds.ENVIRONMENT.context())
                                            .inNamespace(namespace)
                                            .list()
                                            .getItems()));
        } catch (KubernetesClientException e) {
            LOG.log(System.Logger.Level.WARNING, namespace, e);
            return false;
        }
    }

    private static Map<String, Long> generations(List<GenericKubernetesResource> items) {
        return items.stream()
                .collect(
                        Collectors.toMap(
                                one -> one.getMetadata().getUid(),
                                one -> one.getMetadata().getGeneration()));
    }
}
