package dev.tidemill.cli.cluster;

import dev.tidemill.cli.render.ClusterFile;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.cluster.apply.ObjectSet;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.OperatorObjects;
import dev.tidemill.manifests.Platform;
import dev.tidemill.manifests.crd.Crds;
import dev.tidemill.spec.ResourceKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The operator as it is installed, and custom resources in a namespace of its own.
final class RealOperator implements AutoCloseable {
    private static final String IN = OperatorObjects.NAMESPACE;

    private final RealCluster real;
    private final List<KubeObject> objects =
            OperatorObjects.of(Platform.of(List.of(), Platform.ANY, Optional.empty(), "0.1.0"));

    RealOperator(RealCluster real) {
        this.real = real;
        ObjectSet all =
                new ObjectSet(
                        IN,
                        Stream.concat(Crds.all().stream(), objects.stream())
                                .map(KubeObject::fields)
                                .toList());
        for (Map<String, Object> tree : all.trees()) {
            var _ = real.client().apply(all.ref(tree), tree, false);
        }
        real.create(real.ref("v1", "Namespace", real.namespace()), Map.of());
        Waits.until("two operators are ready", () -> ready().size() == 2);
    }

    /// Applies a custom resource as `kubectl apply` does.
    void put(String kind, String name, Map<String, Object> spec) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", apiVersion());
        tree.put("kind", kind);
        tree.put("metadata", Map.of("name", name, "namespace", real.namespace()));
        tree.put("spec", spec);
        real.client().applyAs("test", ref(kind, name), tree);
    }

    /// One whose control fits on a small node.
    void environment(String scaling) {
        put(
                "Environment",
                "here",
                Map.of(
                        "scaling",
                        scaling,
                        "control",
                        Map.of("storage", "2Gi", "resources", Map.of("memory", "1Gi"))));
    }

    /// Has control, once it is ready, make the model of the file's first training.
    void train() throws Exception {
        Waits.until(
                "control is ready",
                () -> condition("Environment", "here", "Ready").startsWith("True"));
        var _ =
                new ClusterControl(real.client())
                        .with(control -> {
                            new ClusterModels(control, real.file().getParent(), Waits::told)
                                    .bring(
                                            List.of(),
                                            new ClusterFile(real.file(), "0.1.0")
                                                    .trainings(Optional.empty())
                                                    .subList(0, 1));
                            return control;
                        });
    }

    void remove(String kind, String name) {
        real.client().delete(ref(kind, name));
    }

    Fields status(String kind, String name) {
        return real.client().get(ref(kind, name)).map(one -> one.child("status")).orElseThrow();
    }

    /// `STATUS REASON: MESSAGE`
    String condition(String kind, String name, String type) {
        return status(kind, name).children("conditions").stream()
                .filter(one -> one.text("type").equals(type))
                .map(one ->
                        "%s %s: %s"
                                .formatted(
                                        one.text("status"),
                                        one.text("reason"),
                                        one.text("message")))
                .findFirst()
                .orElse("");
    }

    /// Both at once, with no time to end.
    void kill() {
        for (Fields pod : pods()) {
            real.client().kill(Kinds.ref("v1", "Pod", IN, pod.name()));
        }
    }

    private List<Fields> pods() {
        return real.client()
                .list("v1", "Pod", IN, Map.of("app.kubernetes.io/component", "operator"));
    }

    private List<Fields> ready() {
        return pods().stream().filter(dev.tidemill.cluster.rollout.PodTroubles::isReady).toList();
    }

    private ObjectRef ref(String kind, String name) {
        return real.ref(apiVersion(), kind, name);
    }

    private static String apiVersion() {
        return ResourceKind.GROUP + "/" + ResourceKind.VERSION;
    }

    /// The definitions stay: others may have resources of them.
    @Override
    public void close() {
        objects.stream()
                .filter(one -> one.kind().equals("Deployment"))
                .forEach(one ->
                        real.client()
                                .delete(Kinds.ref(one.apiVersion(), one.kind(), IN, one.name())));
        Waits.until("the operators are gone", () -> pods().isEmpty());
    }
}
