package dev.tidemill.operator.kube;

import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Resources that are marked as deleted and are still there, since somebody's finalizers hold them.
/// Nothing is made of them any more; what is said of them is why they are still there.
///
/// @param held by resource the finalizers
record Leaving(List<Declared> resources, Map<Owner, List<String>> held) {
    static Leaving of(Seen seen) {
        List<Declared> resources = new ArrayList<>();
        Map<Owner, List<String>> held = new LinkedHashMap<>();
        for (Kinds kind : Kinds.DECLARED) {
            for (GenericKubernetesResource one : seen.list(kind)) {
                if (one.getMetadata().getDeletionTimestamp() != null) {
                    Declared declared = Trees.declared(kind, one);
                    resources.add(declared);
                    held.put(declared.owner(), finalizers(one));
                }
            }
        }
        return new Leaving(resources, held);
    }

    private static List<String> finalizers(GenericKubernetesResource one) {
        List<String> finalizers = one.getMetadata().getFinalizers();
        return finalizers == null ? List.of() : List.copyOf(finalizers);
    }

    boolean isEmpty() {
        return resources.isEmpty();
    }

    /// Those and these: of all of them something is to be said.
    List<Declared> with(List<Declared> declared) {
        List<Declared> all = new ArrayList<>(declared);
        all.addAll(resources);
        return all;
    }

    /// By whom a resource is held; empty when it is not being deleted.
    Optional<List<String>> finalizers(Owner owner) {
        return Optional.ofNullable(held.get(owner));
    }
}
