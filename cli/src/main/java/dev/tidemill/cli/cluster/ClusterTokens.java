package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.manifests.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The Secret with the tokens that control asks for: who wants other tokens changes it, and control
/// takes them over while it runs.
record ClusterTokens(Cluster cluster) {
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
}
