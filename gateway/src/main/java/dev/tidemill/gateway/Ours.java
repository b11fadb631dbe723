package dev.tidemill.gateway;

import dev.tidemill.http.HealthRoutes;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.tls.CertificateWatch;
import dev.tidemill.http.tls.Identity;
import dev.tidemill.http.tls.MutualTls;
import dev.tidemill.http.tls.Role;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/// Who this gateway is to our other processes: it shows a certificate to servers and control, and
/// wants one of the operator on its admin listener. Who probes and scrapes has none, and gets a
/// plain listener with health and metrics only.
final class Ours implements AutoCloseable {
    static final String HEALTH = "health";

    private final int healthPort;
    private final SSLContext servers;
    private final SSLContext control;
    private final SSLContext callers;
    private final CertificateWatch watch;

    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when its files hold no
    ///   certificate of a gateway
    Ours(MutualTls files, Metrics metrics, InstantSource clock) {
        Identity identity = new Identity(Path.of(files.folder()), Role.GATEWAY, clock);
        this.healthPort = files.healthPort();
        this.servers = identity.calling(Role.SERVER);
        this.control = identity.calling(Role.CONTROL);
        this.callers = identity.accepting(Set.of(Role.OPERATOR));
        this.watch = identity.watch();
        identity.show(metrics, watch);
    }

    SSLContext servers() {
        return servers;
    }

    SSLSocketFactory control() {
        return control.getSocketFactory();
    }

    void listen(
            HttpEdge.Builder building,
            String admin,
            String host,
            Readiness readiness,
            Metrics metrics) {
        building.tlsOfOurs(admin, callers, true)
                .listen(
                        new Listener(HEALTH, host, healthPort, 0),
                        routes -> routes.add(new HealthRoutes(readiness)).add(metrics));
    }

    void start() {
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }
}
