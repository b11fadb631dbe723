package dev.tidemill.http.tls;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One of the names by which a certificate says whose it is.
///
/// @param domain of trust: which platform
record PeerName(String domain, Role role) {
    static final String SCHEME = "spiffe://";

    /// Of the names of a certificate, `uniformResourceIdentifier`.
    private static final int URI = 6;

    /// Those that are of this form; others are for others.
    static List<PeerName> of(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        List<PeerName> found = new ArrayList<>();
        if (names != null) {
            for (List<?> name : names) {
                if (name.getFirst().equals(URI)) {
                    parse(String.valueOf(name.get(1))).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /// As what the other side of a connection has shown itself, once its handshake has ended.
    ///
    /// @param shown its own certificate first; empty when it has shown none
    static Set<Role> roles(Optional<Certificate[]> shown) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        if (shown.isPresent() && shown.get()[0] instanceof X509Certificate own) {
            try {
                of(own).forEach(name -> roles.add(name.role()));
            } catch (CertificateParsingException e) {
                // It has no names that can be read, and so no role.
                return roles;
            }
        }
        return roles;
    }

    private static Optional<PeerName> parse(String uri) {
        if (!uri.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String[] parts = uri.substring(SCHEME.length()).split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty()) {
            return Optional.empty();
        }
        for (Role role : Role.values()) {
            if (role.text().equals(parts[1])) {
                return Optional.of(new PeerName(parts[0], role));
            }
        }
        return Optional.empty();
    }
}
