package dev.tidemill.http.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Believes those whom our authorities have given one of some roles. Addresses and host names are
/// not looked at: pods are called by addresses that no certificate could name, and what is asked is
/// what somebody is, not where.
final class RoleTrust extends X509ExtendedTrustManager {
    private static final X509Certificate[] ANY = {};

    private final Supplier<Anchors> anchors;
    private final Set<Role> roles;
    private final Refusals refusals;

    /// @param anchors those that are current when a handshake asks
    RoleTrust(Supplier<Anchors> anchors, Set<Role> roles, Refusals refusals) {
        this.anchors = anchors;
        this.roles = Set.copyOf(roles);
        this.refusals = refusals;
    }

    private interface Check {
        void of(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private void admit(X509Certificate[] chain, String where, Check check)
            throws CertificateException {
        Anchors now = anchors.get();
        String why;
        CertificateException failure;
        try {
            // First, since the check of the chain says of it only that something is wrong.
            chain[0].checkValidity();
            vouched(check, now.manager());
            requireRole(chain[0], now);
            return;
        } catch (CertificateExpiredException e) {
            why = "its certificate expired at " + chain[0].getNotAfter().toInstant();
            failure = e;
        } catch (CertificateNotYetValidException e) {
            why = "its certificate begins at " + chain[0].getNotBefore().toInstant();
            failure = e;
        } catch (CertificateException e) {
            why = String.valueOf(e.getMessage());
            failure = e;
        }
        refusals.add(name(chain[0]), where, why);
        throw failure;
    }

    private static void vouched(Check check, X509ExtendedTrustManager manager)
            throws CertificateException {
        try {
            check.of(manager);
        } catch (CertificateException e) {
            throw new CertificateException(
                    "no authority of ca.crt vouches for its certificate (%s)"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    private void requireRole(X509Certificate peer, Anchors now) throws CertificateException {
        for (PeerName name : PeerName.of(peer)) {
            if (roles.contains(name.role())
                    && now.domain().filter(own -> !own.equals(name.domain())).isEmpty()) {
                return;
            }
        }
        String domain = now.domain().orElse("TRUST-DOMAIN");
        throw new CertificateException(
                "its certificate has another name (expected: %s)"
                        .formatted(
                                roles.stream()
                                        .map(role -> role.uri(domain))
                                        .sorted()
                                        .collect(Collectors.joining(" or "))));
    }

    /// As far as it can be read; nobody has vouched for it.
    private static String name(X509Certificate peer) {
        String subject = peer.getSubjectX500Principal().getName();
        try {
            String uris =
                    PeerName.of(peer).stream()
                            .map(name -> name.role().uri(name.domain()))
                            .collect(Collectors.joining(", "));
            return "'%s'".formatted(uris.isEmpty() ? subject : uris);
        } catch (CertificateException e) {
            return "'%s'".formatted(subject);
        }
    }

    private static String at(@Nullable Socket socket) {
        return socket == null || socket.getInetAddress() == null
                ? ""
                : socket.getInetAddress().getHostAddress();
    }

    private static String at(@Nullable SSLEngine engine) {
        return engine == null || engine.getPeerHost() == null ? "" : engine.getPeerHost();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        admit(chain, "", manager -> manager.checkClientTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        admit(chain, at(socket), manager -> manager.checkClientTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        admit(chain, at(engine), manager -> manager.checkClientTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        admit(chain, "", manager -> manager.checkServerTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        admit(chain, at(socket), manager -> manager.checkServerTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        admit(chain, at(engine), manager -> manager.checkServerTrusted(chain, type));
    }

    /// Names of authorities would keep a client whose certificate is another's from showing it, and
    /// us from saying what is wrong with it.
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return ANY;
    }
}
