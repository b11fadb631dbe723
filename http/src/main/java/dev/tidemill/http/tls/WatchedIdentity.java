package dev.tidemill.http.tls;

import dev.tidemill.http.HealthRoutes;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import javax.net.ssl.SSLContext;

/// Who a process of ours is to the others for as long as it runs: its [Identity], looked at again
/// from [#start] to [#close], and shown among its metrics.
public final class WatchedIdentity implements AutoCloseable {
    /// The name of the plain listener.
    public static final String HEALTH = "health";

    private final Identity identity;
    private final CertificateWatch watch;

    /// @param folder of its files
    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when they hold no certificate
    ///   of this role
    public WatchedIdentity(Path folder, Role role, Metrics metrics, InstantSource clock) {
        this.identity = new Identity(folder, role, clock);
        this.watch = identity.watch();
        identity.show(metrics, watch);
    }

    /// See [Identity#calling].
    public SSLContext calling(Role other) {
        return identity.calling(other);
    }

    /// See [Identity#accepting].
    public SSLContext accepting(Set<Role> callers) {
        return identity.accepting(callers);
    }

    /// Who probes and scrapes has no certificate, and gets a plain listener with health and metrics
    /// only. Added after the main listener.
    ///
    /// @param port see [MutualTls]
    public static void listenPlainly(
            HttpEdge.Builder building,
            String host,
            int port,
            Readiness readiness,
            Metrics metrics) {
        building.listen(
                new Listener(HEALTH, host, port, 0),
                routes -> routes.add(new HealthRoutes(readiness)).add(metrics));
    }

    public void start() {
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }
}
