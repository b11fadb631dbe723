package dev.tidemill.cluster.apply;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Brings a cluster to what a set of objects says.
public final class Applier {
    /// What everything that we apply is marked with.
    public static final Map<String, String> OURS =
            Map.of(
                    "app.kubernetes.io/part-of", "tidemill",
                    "app.kubernetes.io/managed-by", "tidemill");

    /// What may be removed: the last that was applied goes first. Volume claims, namespaces and
    /// Secrets hold what nobody can render again.
    private static final List<Map.Entry<String, String>> PRUNED =
            List.of(
                    Map.entry("monitoring.coreos.com/v1", "PodMonitor"),
                    Map.entry("monitoring.coreos.com/v1", "ServiceMonitor"),
                    Map.entry("networking.istio.io/v1", "VirtualService"),
                    Map.entry("networking.istio.io/v1", "DestinationRule"),
                    Map.entry("gateway.networking.k8s.io/v1", "HTTPRoute"),
                    Map.entry("networking.k8s.io/v1", "Ingress"),
                    Map.entry("batch/v1", "CronJob"),
                    Map.entry("batch/v1", "Job"),
                    Map.entry("policy/v1", "PodDisruptionBudget"),
                    Map.entry("keda.sh/v1alpha1", "ScaledObject"),
                    Map.entry("autoscaling/v2", "HorizontalPodAutoscaler"),
                    Map.entry("apps/v1", "Deployment"),
                    Map.entry("apps/v1", "StatefulSet"),
                    Map.entry("cert-manager.io/v1", "Certificate"),
                    Map.entry("external-secrets.io/v1", "ExternalSecret"),
                    Map.entry("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass"),
                    Map.entry("v1", "Service"),
                    Map.entry("v1", "ConfigMap"),
                    Map.entry("rbac.authorization.k8s.io/v1", "RoleBinding"),
                    Map.entry("rbac.authorization.k8s.io/v1", "Role"),
                    Map.entry("v1", "ServiceAccount"),
                    Map.entry("networking.k8s.io/v1", "NetworkPolicy"),
                    Map.entry("v1", "LimitRange"),
                    Map.entry("v1", "ResourceQuota"));

    private final Cluster cluster;
    private final Consumer<Change> told;

    /// @param told of each object as soon as it is done
    public Applier(Cluster cluster, Consumer<Change> told) {
        this.cluster = cluster;
        this.told = told;
    }

    /// Server-side apply of each, in their order.
    public List<Change> apply(ObjectSet objects, boolean dryRun) {
        List<Change> changes = new ArrayList<>();
        for (Map<String, Object> tree : objects.trees()) {
            Change change = apply(objects.ref(tree), tree, dryRun);
            changes.add(change);
            told.accept(change);
        }
        return changes;
    }

    private Change apply(ObjectRef ref, Map<String, Object> tree, boolean dryRun) {
        Optional<Fields> before = cluster.get(ref);
        if (!dryRun && before.isPresent()) {
            ReplicaHandover.of(before.get(), tree)
                    .ifPresent(kept -> cluster.applyAs(ReplicaHandover.HEIR, ref, kept));
        }
        Fields after;
        try {
            after = cluster.apply(ref, tree, dryRun);
        } catch (TidemillException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            if (dryRun && before.isEmpty() && isMissing(ref.namespace())) {
                // Its namespace is made by the same set, so nobody can be asked yet.
                return new Change(ref, Change.Kind.CREATED);
            }
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "%s: '%s %s' (expected: a kind that the cluster knows, or a namespace that is"
                                    .formatted(ref.id(), ref.apiVersion(), ref.kind())
                            + " there; install what brings it, or take it out of the file)",
                    e);
        }
        return new Change(ref, kind(before, after));
    }

    private boolean isMissing(Optional<String> namespace) {
        return namespace
                .filter(name ->
                        cluster.get(new ObjectRef("v1", "Namespace", Optional.empty(), name))
                                .isEmpty())
                .isPresent();
    }

    /// By what people decide: what the cluster writes down meanwhile is no change of ours.
    private static Change.Kind kind(Optional<Fields> before, Fields after) {
        if (before.isEmpty()) {
            return Change.Kind.CREATED;
        }
        return Decided.of(before.get()).equals(Decided.of(after))
                ? Change.Kind.UNCHANGED
                : Change.Kind.CONFIGURED;
    }

    /// What was applied once, and is not in the set any more.
    public List<ObjectRef> leftovers(ObjectSet objects) {
        Set<ObjectRef> wanted = objects.refs();
        List<ObjectRef> left = new ArrayList<>();
        for (Map.Entry<String, String> kind : PRUNED) {
            for (Fields object :
                    cluster.list(kind.getKey(), kind.getValue(), objects.namespace(), OURS)) {
                ObjectRef ref =
                        Kinds.ref(
                                kind.getKey(), kind.getValue(), objects.namespace(), object.name());
                // What has an owner is its owner's to remove.
                if (!wanted.contains(ref)
                        && object.children("metadata", "ownerReferences").isEmpty()) {
                    left.add(ref);
                }
            }
        }
        return left;
    }

    /// Removes [#leftovers].
    public List<Change> prune(ObjectSet objects, boolean dryRun) {
        List<Change> changes = new ArrayList<>();
        for (ObjectRef ref : leftovers(objects)) {
            if (!dryRun) {
                cluster.delete(ref);
            }
            Change change = new Change(ref, Change.Kind.PRUNED);
            changes.add(change);
            told.accept(change);
        }
        return changes;
    }
}
