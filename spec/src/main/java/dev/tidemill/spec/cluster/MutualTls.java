package dev.tidemill.spec.cluster;

import java.time.Duration;
import java.util.Optional;

/// How our processes know one another: by certificates, one of each role.
///
/// @param secret what the names of their Secrets begin with
/// @param trustDomain of the platform, which is in their names
/// @param issuer who makes them; somebody else when empty
public record MutualTls(String secret, String trustDomain, Optional<Issuer> issuer) {
    /// Of cert-manager.
    ///
    /// @param kind `Issuer` or `ClusterIssuer`
    public record Issuer(String kind, String name, Duration duration, Duration renewBefore) {}

    /// The Secret with a role's certificate.
    public String secretOf(String role) {
        return secret + "-" + role;
    }

    /// How a role's certificate says that it is one.
    public String uriOf(String role) {
        return "spiffe://%s/%s".formatted(trustDomain, role);
    }
}
