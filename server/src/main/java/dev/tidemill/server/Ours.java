package dev.tidemill.server;

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

/// Who this server is to our other processes: gateways and the operator may call it, by their
/// certificates. Who probes and scrapes has none, and gets a plain listener with health and metrics
/// only.
final class Ours implements AutoCloseable {
    private final int healthPort;
    private final WatchedIdentity identity;
    private final SSLContext callers;

    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when its files hold no
    ///   certificate of a server
    Ours(MutualTls files, Metrics metrics) {
        this.healthPort = files.healthPort();
        this.identity =
                new WatchedIdentity(
                        Path.of(files.folder()), Role.SERVER, metrics, InstantSource.system());
        this.callers = identity.accepting(Set.of(Role.GATEWAY, Role.OPERATOR));
    }

    SSLContext callers() {
        return callers;
    }

    /// After the main listener.
    void listen(HttpEdge.Builder building, String host, Readiness readiness, Metrics metrics) {
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
