package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.cluster.apply.Applier;
import dev.tidemill.cluster.apply.ObjectSet;
import dev.tidemill.manifests.MadeSecret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The Secrets that pods cannot start without and that nobody writes in a file. Each is made once,
/// and never changed here.
record ClusterSecrets(Cluster cluster) {
    private static final int BYTES = 32;

    /// @return names of those that were made just now
    List<String> ensure(ObjectSet objects) {
        return objects.refs().stream()
                .filter(ref -> ref.kind().equals("StatefulSet"))
                .flatMap(ref -> MadeSecret.of(ref.name()).stream())
                .filter(secret ->
                        objects.refs().stream()
                                .noneMatch(ref -> secret.isFilledBy(ref.kind(), ref.name())))
                .filter(this::ensure)
                .map(MadeSecret::name)
                .toList();
    }

    private boolean ensure(MadeSecret secret) {
        ObjectRef ref = Kinds.ref("v1", "Secret", cluster.namespace(), secret.name());
        if (cluster.get(ref).isPresent()) {
            return false;
        }
        return cluster.create(
                ref,
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Secret",
                        "metadata",
                        Map.of(
                                "name",
                                secret.name(),
                                "namespace",
                                cluster.namespace(),
                                "labels",
                                Applier.OURS),
                        "type",
                        "Opaque",
                        "stringData",
                        secret.data(ClusterSecrets::word)));
    }

    private static String word() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
