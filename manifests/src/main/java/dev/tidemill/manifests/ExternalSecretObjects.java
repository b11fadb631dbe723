package dev.tidemill.manifests;

import dev.tidemill.spec.cluster.ClusterState;
import dev.tidemill.spec.cluster.ExternalSecretRef;
import dev.tidemill.spec.cluster.SecretStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Secrets whose content is in a vault: what the External Secrets Operator makes them by, or the
/// Secrets Store CSI Driver, which makes them while a pod that needs them mounts them.
final class ExternalSecretObjects {
    private static final String DRIVER = "secrets-store.csi.k8s.io";
    private static final String MOUNT = "/mnt/secrets-store/";

    private ExternalSecretObjects() {}

    static List<KubeObject> of(Platform platform) {
        ClusterState state = platform.environment().state();
        Scope scope = new Scope(platform, "external-secrets", "platform", Map.of());
        return state.secretStore()
                .map(store ->
                        state.externalSecrets().stream()
                                .map(secret ->
                                        switch (store) {
                                            case SecretStore.External external ->
                                                    external(scope, external, secret);
                                            case SecretStore.Csi csi ->
                                                    providerClass(scope, csi, secret);
                                        })
                                .toList())
                .orElse(List.of());
    }

    private static KubeObject external(
            Scope scope, SecretStore.External store, ExternalSecretRef secret) {
        return scope.named(
                secret.name(),
                "external-secrets.io/v1",
                "ExternalSecret",
                "spec",
                Tree.of(
                        "refreshInterval",
                        store.refresh().toSeconds() + "s",
                        "secretStoreRef",
                        Tree.of("name", store.name(), "kind", store.kind()),
                        "target",
                        Tree.of(
                                "name",
                                secret.name(),
                                "creationPolicy",
                                "Owner",
                                // A vault that has lost it must not take it from those who run.
                                "deletionPolicy",
                                "Retain",
                                "template",
                                Optional.of(secret.type())
                                        .filter(type -> !type.equals("Opaque"))
                                        .map(type -> Tree.of("type", type))),
                        "data",
                        secret.data().entrySet().stream()
                                .map(entry ->
                                        Tree.of(
                                                "secretKey",
                                                entry.getKey(),
                                                "remoteRef",
                                                Tree.of(
                                                        "key",
                                                        entry.getValue().key(),
                                                        "property",
                                                        property(entry.getValue()))))
                                .toList()));
    }

    private static Optional<String> property(ExternalSecretRef.Place place) {
        return Optional.of(place.property()).filter(text -> !text.isEmpty());
    }

    private static KubeObject providerClass(
            Scope scope, SecretStore.Csi store, ExternalSecretRef secret) {
        return scope.named(
                secret.name(),
                "secrets-store.csi.x-k8s.io/v1",
                "SecretProviderClass",
                "spec",
                Tree.of(
                        "provider",
                        CsiObjects.provider(store.provider()),
                        "parameters",
                        Tree.with(store.parameters(), CsiObjects.of(store.provider(), secret)),
                        "secretObjects",
                        List.of(
                                Tree.of(
                                        "secretName",
                                        secret.name(),
                                        "type",
                                        secret.type(),
                                        "data",
                                        secret.data().keySet().stream()
                                                .map(entry ->
                                                        Tree.of("objectName", entry, "key", entry))
                                                .toList()))));
    }

    /// With a mount of what each pod needs, where only that makes Secrets.
    static List<KubeObject> mounted(Platform platform, List<KubeObject> objects) {
        ClusterState state = platform.environment().state();
        if (!(state.secretStore().orElse(null) instanceof SecretStore.Csi)) {
            return objects;
        }
        List<String> names = state.externalSecrets().stream().map(ExternalSecretRef::name).toList();
        return objects.stream().map(object -> mounted(object, names)).toList();
    }

    private static KubeObject mounted(KubeObject object, List<String> names) {
        return switch (object.kind()) {
            case "Deployment", "StatefulSet", "Job" ->
                    new KubeObject(at(object.fields(), List.of("spec", "template", "spec"), names));
            case "CronJob" ->
                    new KubeObject(
                            at(
                                    object.fields(),
                                    List.of("spec", "jobTemplate", "spec", "template", "spec"),
                                    names));
            default -> object;
        };
    }

    private static Map<String, Object> at(
            Map<String, Object> tree, List<String> path, List<String> names) {
        if (path.isEmpty()) {
            return pod(tree, names);
        }
        Map<String, Object> child = Tree.map(tree.get(path.getFirst()));
        return Tree.with(
                tree, Tree.of(path.getFirst(), at(child, path.subList(1, path.size()), names)));
    }

    private static Map<String, Object> pod(Map<String, Object> pod, List<String> names) {
        List<String> needed = names.stream().filter(name -> needs(pod, name)).toList();
        if (needed.isEmpty()) {
            return pod;
        }
        List<Object> volumes = list(pod.get("volumes"));
        List<Object> mounts = new ArrayList<>();
        for (String name : needed) {
            String volume = Names.fit("csi-" + name.replace('.', '-'), "");
            volumes.add(
                    Tree.of(
                            "name",
                            volume,
                            "csi",
                            Tree.of(
                                    "driver",
                                    DRIVER,
                                    "readOnly",
                                    true,
                                    "volumeAttributes",
                                    Tree.of("secretProviderClass", name))));
            mounts.add(Pods.readOnlyMount(volume, MOUNT + name));
        }
        List<Object> containers = list(pod.get("containers"));
        Map<String, Object> first = Tree.map(containers.getFirst());
        List<Object> all = list(first.get("volumeMounts"));
        all.addAll(mounts);
        containers.set(0, Tree.with(first, Tree.of("volumeMounts", all)));
        return Tree.with(pod, Tree.of("containers", containers, "volumes", volumes));
    }

    /// Whether a Secret of that name is read, as a variable or as files.
    private static boolean needs(Object tree, String name) {
        return switch (tree) {
            case Map<?, ?> map ->
                    isSecret(map.get("secretKeyRef"), "name", name)
                            || isSecret(map.get("secret"), "secretName", name)
                            || map.values().stream().anyMatch(value -> needs(value, name));
            case List<?> list -> list.stream().anyMatch(value -> needs(value, name));
            default -> false;
        };
    }

    private static boolean isSecret(@Nullable Object tree, String key, String name) {
        return tree instanceof Map<?, ?> map && name.equals(map.get(key));
    }

    private static List<Object> list(@Nullable Object value) {
        return value instanceof List<?> given ? new ArrayList<>(given) : new ArrayList<>();
    }
}
