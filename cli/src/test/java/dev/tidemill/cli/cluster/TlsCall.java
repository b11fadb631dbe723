package dev.tidemill.cli.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// TLS as somebody else than our processes speaks it: NAME URL IDENTITY TOKEN in turn, with the
/// files `IDENTITY.crt` and `IDENTITY.key` (`-` for none) and `ca.crt`. A line for each says the
/// status, or that it was refused, and who signed what the other side showed. Its class file alone
/// is what a pod gets: nothing but the JDK, no class beside it.
public final class TlsCall {
    private static final int MILLIS = 10_000;

    private TlsCall() {}

    /// @param arguments the folder, then the calls
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        for (int i = 1; i < arguments.length; i += 4) {
            System.out.printf(
                    "%s: %s%n",
                    arguments[i],
                    said(
                            context(folder, arguments[i + 2]),
                            URI.create(arguments[i + 1]),
                            arguments[i + 3]));
        }
    }

    private static String said(SSLContext context, URI url, String token) {
        String signer = "";
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), MILLIS);
            socket.setSoTimeout(MILLIS);
            socket.startHandshake();
            signer =
                    ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                            .getIssuerX500Principal()
                            .getName();
            String request =
                    "GET %s HTTP/1.1\r\nhost: any\r\nconnection: close\r\n%s\r\n"
                            .formatted(
                                    url.getPath(),
                                    token.equals("-")
                                            ? ""
                                            : "authorization: Bearer " + token + "\r\n");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            // With TLS 1.3 whoever is refused reads so only here.
            String status =
                    new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine();
            return status == null
                    ? "refused: closed"
                    : status.split(" ")[1] + " signed by " + signer;
        } catch (IOException e) {
            return "refused: " + e.getMessage();
        }
    }

    private static SSLContext context(Path folder, String identity) throws Exception {
        KeyStore believed = KeyStore.getInstance("PKCS12");
        believed.load(null, null);
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        try (InputStream in = Files.newInputStream(folder.resolve("ca.crt"))) {
            for (Certificate one : certificates.generateCertificates(in)) {
                believed.setCertificateEntry("ca-" + believed.size(), one);
            }
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(believed);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        char[] password = new char[0];
        if (!identity.equals("-")) {
            String pem = Files.readString(folder.resolve(identity + ".key"));
            byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            try (InputStream in = Files.newInputStream(folder.resolve(identity + ".crt"))) {
                own.setKeyEntry(
                        "own",
                        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
                        password,
                        new Certificate[] {certificates.generateCertificate(in)});
            }
        }
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
