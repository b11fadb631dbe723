package dev.tidemill.operator.metricsapi;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Lets the API server in and nobody else. Who shows another's certificate does not get through the
/// handshake; who shows none, or says on whose behalf it asks in no header, gets a 401.
final class Doorkeeper extends X509ExtendedTrustManager {
    private volatile Optional<FrontProxy> proxy = Optional.empty();

    void trust(Optional<FrontProxy> now) {
        proxy = now;
    }

    /// @throws TidemillException `UNAUTHENTICATED`
    void check(ServerRequest request) {
        FrontProxy now =
                proxy.orElseThrow(
                        () -> refused("nobody", "the API server, which is not known yet"));
        X509Certificate[] shown =
                request.remotePeer()
                        .tlsCertificates()
                        .filter(chain -> chain.length > 0)
                        .map(chain -> Arrays.copyOf(chain, chain.length, X509Certificate[].class))
                        .orElseThrow(() -> refused("none", "the API server's"));
        // The connection may be older than what is trusted now.
        try {
            now.check(shown, shown[0].getPublicKey().getAlgorithm());
        } catch (CertificateException e) {
            throw refused("another's", "the API server's");
        }
        if (!now.admits(shown[0])) {
            throw refused("another's", "one for " + String.join(" or ", now.names()));
        }
        boolean named =
                now.userHeaders().stream()
                        .map(HeaderNames::create)
                        .anyMatch(header -> request.headers().contains(header));
        if (!named) {
            throw new TidemillException(
                    ErrorCode.UNAUTHENTICATED,
                    "user: 'none' (expected: a header %s)"
                            .formatted(String.join(" or ", now.userHeaders())));
        }
    }

    private static TidemillException refused(String what, String expected) {
        return new TidemillException(
                ErrorCode.UNAUTHENTICATED,
                "certificate: '%s' (expected: %s)".formatted(what, expected));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        Optional<FrontProxy> now = proxy;
        if (now.isEmpty()) {
            throw new CertificateException("nobody is known yet");
        }
        now.get().check(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return proxy.map(one -> one.authorities().getAcceptedIssuers())
                .orElseGet(() -> new X509Certificate[0]);
    }
}
