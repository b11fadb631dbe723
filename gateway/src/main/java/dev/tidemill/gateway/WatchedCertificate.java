package dev.tidemill.gateway;

import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.tls.CertificateWatch;
import dev.tidemill.http.tls.ServerCertificate;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;

/// The main listener's certificate, whose files are looked at all the time.
final class WatchedCertificate implements AutoCloseable {
    private final ServerCertificate certificate;
    private final CertificateWatch watch;

    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when the files are no
    ///   certificate and its key
    WatchedCertificate(GatewayConfig.TlsFiles files, Metrics metrics, InstantSource clock) {
        this.certificate =
                new ServerCertificate(Path.of(files.certificate()), Path.of(files.key()));
        this.watch = new CertificateWatch("the certificate for clients", certificate, clock);
        metrics.gauge(GatewayMetrics.CERTIFICATE_BROKEN, () -> watch.isBroken() ? 1 : 0);
        metrics.gauge(
                GatewayMetrics.CERTIFICATE_EXPIRES,
                () -> (double) certificate.expires().getEpochSecond());
    }

    SSLContext context() {
        return certificate.context();
    }

    void start() {
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }
}
