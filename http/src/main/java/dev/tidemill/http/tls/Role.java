package dev.tidemill.http.tls;

import java.util.Locale;

/// What a process of ours is to the others. Its certificate says so by a URI among its names,
/// `spiffe://TRUST-DOMAIN/ROLE`, with the role in lower case.
public enum Role {
    GATEWAY,
    SERVER,
    CONTROL,
    OPERATOR;

    /// As it is written in certificates, files and options.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param trustDomain of the platform
    public String uri(String trustDomain) {
        return PeerName.SCHEME + trustDomain + "/" + text();
    }
}
