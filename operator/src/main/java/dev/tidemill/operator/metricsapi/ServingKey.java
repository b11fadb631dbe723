package dev.tidemill.operator.metricsapi;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// The certificate of handshakes that begin now. A handshake that is under way while it is renewed
/// goes on with the one that it began with: the name that it asks by is a serial number.
final class ServingKey extends X509ExtendedKeyManager {
    private volatile Pair pair;

    ServingKey(ServingCertificate first) {
        this.pair = new Pair(first, first);
    }

    private record Pair(ServingCertificate now, ServingCertificate before) {}

    ServingCertificate now() {
        return pair.now();
    }

    void renew(ServingCertificate next) {
        pair = new Pair(next, pair.now());
    }

    @Override
    public @Nullable String chooseServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return type.startsWith("EC") ? name(pair.now()) : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return chooseServerAlias(type, issuers, null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return new X509Certificate[] {of(alias).certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return of(alias).key();
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        String alias = chooseServerAlias(type, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private ServingCertificate of(String alias) {
        Pair both = pair;
        return name(both.now()).equals(alias) ? both.now() : both.before();
    }

    private static String name(ServingCertificate one) {
        return one.certificate().getSerialNumber().toString(16);
    }
}
