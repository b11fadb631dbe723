package dev.tidemill.operator.metricsapi;

import dev.tidemill.http.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import tools.jackson.core.JacksonException;

/// Who may ask on behalf of users: the API server, by the certificate that its cluster's ConfigMap
/// `kube-system/extension-apiserver-authentication` describes. It has asked its own rules already
/// whether the user may.
///
/// @param names common names, of which one is wanted; empty for any that is vouched for
/// @param userHeaders in which it says who asks
record FrontProxy(X509TrustManager authorities, List<String> names, List<String> userHeaders) {
    static final String CONFIG = "extension-apiserver-authentication";
    static final String CONFIG_NAMESPACE = "kube-system";

    /// @param data of the ConfigMap
    /// @return empty where this API server passes on nothing
    /// @throws IllegalArgumentException when it is broken
    static Optional<FrontProxy> of(Map<String, String> data) {
        String pem = data.getOrDefault("requestheader-client-ca-file", "");
        if (pem.isBlank()) {
            return Optional.empty();
        }
        List<String> headers = list(data, "requestheader-username-headers");
        return Optional.of(
                new FrontProxy(
                        trusting(pem),
                        list(data, "requestheader-allowed-names"),
                        headers.isEmpty() ? List.of("X-Remote-User") : headers));
    }

    private static List<String> list(Map<String, String> data, String key) {
        String text = data.getOrDefault(key, "");
        try {
            return text.isBlank()
                    ? List.of()
                    : Arrays.asList(Json.MAPPER.readValue(text, String[].class));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(key, e);
        }
    }

    private static X509TrustManager trusting(String pem) {
        try {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(
                                            pem.getBytes(StandardCharsets.US_ASCII)));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate one : all) {
                store.setCertificateEntry("ca" + number++, one);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    return x509;
                }
            }
            throw new IllegalStateException("no trust manager");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("requestheader-client-ca-file", e);
        }
    }

    /// @throws CertificateException when it is vouched for by none of the authorities
    void check(X509Certificate[] chain, String type) throws CertificateException {
        authorities.checkClientTrusted(chain, type);
    }

    /// Whether it has one of the names.
    boolean admits(X509Certificate certificate) {
        return names.isEmpty() || commonName(certificate).filter(names::contains).isPresent();
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
