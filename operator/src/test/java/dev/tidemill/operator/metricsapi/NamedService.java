package dev.tidemill.operator.metricsapi;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Believes a certificate that is vouched for and is for the Service's name, whatever the address
/// is that it is reached by.
final class NamedService extends X509ExtendedTrustManager {
    static final String NAME = "tidemill-operator.tidemill-system.svc";

    private final X509TrustManager inner;

    NamedService(TrustManagerFactory factory) {
        X509TrustManager found = null;
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509TrustManager x509) {
                found = x509;
            }
        }
        if (found == null) {
            throw new IllegalStateException("no trust manager");
        }
        this.inner = found;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        inner.checkServerTrusted(chain, type);
        try {
            if (!chain[0].getSubjectAlternativeNames().contains(List.of(2, NAME))) {
                throw new CertificateException("not for " + NAME);
            }
        } catch (CertificateParsingException e) {
            throw new CertificateException(e);
        }
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
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

    @Override
    public void checkClientTrusted(
            X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return inner.getAcceptedIssuers();
    }
}
