package dev.tidemill.http.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Who is believed: certificates that these authorities have signed, of one trust domain.
///
/// @param domain any when empty
record Anchors(X509ExtendedTrustManager manager, Optional<String> domain) {
    /// @param authorities PEM; several while one takes the other's place
    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when there are none
    static Anchors of(byte[] authorities, Optional<String> domain) {
        List<X509Certificate> certificates = PemFiles.certificates("ca.crt", authorities);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("ca-" + i, certificates.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return new Anchors(extended, domain);
                }
            }
        } catch (GeneralSecurityException | IOException e) {
            throw PemFiles.problem("ca.crt", "certificates of authorities");
        }
        throw new IllegalStateException("no trust manager");
    }
}
