package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.tls.Identity;
import dev.tidemill.http.tls.Role;
import dev.tidemill.manifests.MutualTlsObjects;
import dev.tidemill.manifests.Names;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// How the cluster's control is believed where it speaks TLS: by the authority in the Secret that
/// its pod has.
record ControlTls(Cluster cluster) {
    /// Empty where it speaks plainly.
    ///
    /// @throws TidemillException `NOT_FOUND` when the Secret has no authority
    Optional<SSLContext> context() {
        Fields control =
                cluster.get(Kinds.ref("apps/v1", "StatefulSet", cluster.namespace(), Names.CONTROL))
                        .orElse(Fields.NONE);
        return control.children("spec", "template", "spec", "volumes").stream()
                .filter(volume -> volume.text("name").equals(MutualTlsObjects.VOLUME))
                .map(volume -> volume.text("secret", "secretName"))
                .findFirst()
                .map(this::believing);
    }

    private SSLContext believing(String secret) {
        String authority =
                cluster.get(Kinds.ref("v1", "Secret", cluster.namespace(), secret))
                        .map(fields -> fields.text("data", "ca.crt"))
                        .orElse("");
        if (authority.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "secret/%s: 'no key ca.crt' (expected: the authority that signed the certificates"
                                    .formatted(secret)
                            + " of mtls, which a CA issuer of cert-manager writes there)");
        }
        return Identity.believing(Base64.getDecoder().decode(authority), Role.CONTROL);
    }
}
