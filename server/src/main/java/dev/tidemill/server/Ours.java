package dev.tidemill.server;

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

/// Who this server is to our other processes: gateways and the operator may call it, by their
/// certificates. Who probes and scrapes has none, and gets a plain listener with health and metrics
/// only.
final class Ours implements AutoCloseable {
    static final String HEALTH = "health";

    private final int healthPort;
    private final SSLContext callers;
    private final CertificateWatch watch;

    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when its files hold no
    ///   certificate of a server
    Ours(MutualTls files, Metrics metrics) {
        InstantSource clock = InstantSource.system();
        Identity identity = new Identity(Path.of(files.folder()), Role.SERVER, clock);
        this.healthPort = files.healthPort();
        this.callers = identity.accepting(Set.of(Role.GATEWAY, Role.OPERATOR));
        this.watch = identity.watch();
        identity.show(metrics, watch);
    }

    SSLContext callers() {
        return callers;
    }

    /// After the main listener.
    void listen(HttpEdge.Builder building, String host, Readiness readiness, Metrics metrics) {
        building.listen(
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
