package dev.tidemill.http.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// The key that is current when a handshake asks. A handshake asks several times, by a name: the
/// name says of which one it speaks, so that it never gets a certificate and another one's key.
final class ReplaceableKey extends X509ExtendedKeyManager {
    private volatile Current current;

    ReplaceableKey(X509ExtendedKeyManager first) {
        this.current = new Current(first, null, 0);
    }

    synchronized void replace(X509ExtendedKeyManager next) {
        Current before = current;
        current = new Current(next, before.manager(), before.number() + 1);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        Current now = current;
        return numbered(now, now.manager().chooseEngineServerAlias(type, issuers, engine));
    }

    @Override
    public @Nullable String chooseServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        Current now = current;
        return numbered(now, now.manager().chooseServerAlias(type, issuers, socket));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return of(alias).getCertificateChain(plain(alias));
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return of(alias).getPrivateKey(plain(alias));
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return current.manager().getServerAliases(type, issuers);
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return current.manager().getClientAliases(type, issuers);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        Current now = current;
        return numbered(now, now.manager().chooseEngineClientAlias(types, issuers, engine));
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        Current now = current;
        return numbered(now, now.manager().chooseClientAlias(types, issuers, socket));
    }

    private X509ExtendedKeyManager of(String alias) {
        Current now = current;
        X509ExtendedKeyManager before = now.before();
        return before == null || alias.startsWith(now.number() + "/") ? now.manager() : before;
    }

    private static @Nullable String numbered(Current now, @Nullable String alias) {
        return alias == null ? null : now.number() + "/" + alias;
    }

    private static String plain(String alias) {
        return alias.substring(alias.indexOf('/') + 1);
    }

    private record Current(
            X509ExtendedKeyManager manager, @Nullable X509ExtendedKeyManager before, long number) {}
}
