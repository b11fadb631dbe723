package dev.tidemill.gateway;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.PeriodicLook;
import dev.tidemill.http.tls.ServerCertificate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// The main listener's certificate, whose files are looked at all the time. Two files cannot be
/// replaced at one moment, so what is broken is told when it is so twice.
final class WatchedCertificate implements AutoCloseable {
    private static final System.Logger LOGGER =
            System.getLogger(WatchedCertificate.class.getName());
    private static final long LOOK_NANOS = 500_000_000;

    private final ServerCertificate certificate;
    private final PeriodicLook looking = new PeriodicLook("certificate", LOOK_NANOS, this::look);
    private volatile String problem = "";
    private volatile boolean told;

    /// @throws TidemillException `INVALID_SPEC` when the files are no certificate and its key
    WatchedCertificate(GatewayConfig.TlsFiles files, Metrics metrics) {
        this.certificate =
                new ServerCertificate(Path.of(files.certificate()), Path.of(files.key()));
        metrics.gauge(GatewayMetrics.CERTIFICATE_BROKEN, () -> told ? 1 : 0);
        metrics.gauge(
                GatewayMetrics.CERTIFICATE_EXPIRES,
                () -> (double) certificate.expires().getEpochSecond());
    }

    SSLContext context() {
        return certificate.context();
    }

    void start() {
        looking.start();
    }

    private void look() {
        try {
            Optional<Instant> replaced = certificate.look();
            replaced.ifPresent(expires ->
                    LOGGER.log(
                            System.Logger.Level.INFO,
                            "there is a new certificate, which expires at {0}",
                            expires));
            problem = "";
            told = false;
        } catch (TidemillException e) {
            String now = String.valueOf(e.getMessage());
            if (now.equals(problem) && !told) {
                told = true;
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "the new certificate is not taken, the one before stays: {0}",
                        now);
            }
            problem = now;
        }
    }

    @Override
    public void close() {
        looking.close();
    }
}
