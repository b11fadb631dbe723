package dev.tidemill.gateway;

import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.tls.MutualTls;
import dev.tidemill.http.tls.Role;
import dev.tidemill.http.tls.WatchedIdentity;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/// Who this gateway is to our other processes: it shows a certificate to servers and control, and
/// wants one of the operator on its admin listener. Who probes and scrapes has none, and gets a
/// plain listener with health and metrics only.
final class Ours implements AutoCloseable {
    private final int healthPort;
    private final WatchedIdentity identity;
    private final SSLContext servers;
    private final SSLContext control;

    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when its files hold no
    ///   certificate of a gateway
    Ours(MutualTls files, Metrics metrics, InstantSource clock) {
        this.healthPort = files.healthPort();
        this.identity = new WatchedIdentity(Path.of(files.folder()), Role.GATEWAY, metrics, clock);
        this.servers = identity.calling(Role.SERVER);
        this.control = identity.calling(Role.CONTROL);
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
        building.tlsOfOurs(admin, identity.accepting(Set.of(Role.OPERATOR)), true);
        WatchedIdentity.listenPlainly(building, host, healthPort, readiness, metrics);
    }

    void start() {
        identity.start();
    }

    @Override
    public void close() {
        identity.close();
    }
}
