package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.manifests.Names;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/// The Secret with the tokens that control asks for. It is made once, and never changed here: who
/// wants other tokens changes the Secret, and control takes them over while it runs.
record ClusterTokens(Cluster cluster) {
    private static final int BYTES = 32;

    /// @return whether it was made just now
    boolean ensure() {
        if (cluster.get(ref()).isPresent()) {
            return false;
        }
        return cluster.create(
                ref(),
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Secret",
                        "metadata",
                        Map.of(
                                "name",
                                Names.TOKENS,
                                "namespace",
                                cluster.namespace(),
                                "labels",
                                Map.of(
                                        "app.kubernetes.io/part-of",
                                        "tidemill",
                                        "app.kubernetes.io/managed-by",
                                        "tidemill")),
                        "type",
                        "Opaque",
                        "stringData",
                        Map.of(Names.ADMIN, token(), Names.SERVICE, token())));
    }

    String admin() {
        String encoded =
                cluster.get(ref()).map(secret -> secret.text("data", Names.ADMIN)).orElse("");
        if (encoded.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.UNAUTHENTICATED,
                    "secret/%s: 'no key %s' (expected: the token of control's role %s; 'tidemill"
                                    .formatted(Names.TOKENS, Names.ADMIN, Names.ADMIN)
                            + " apply' makes the Secret where there is none)");
        }
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .strip();
    }

    private ObjectRef ref() {
        return Kinds.ref("v1", "Secret", cluster.namespace(), Names.TOKENS);
    }

    private static String token() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
