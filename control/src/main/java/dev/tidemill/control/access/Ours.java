package dev.tidemill.control.access;

import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.tls.MutualTls;
import dev.tidemill.http.tls.Role;
import dev.tidemill.http.tls.WatchedIdentity;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;

/// Who control is to our other processes. People and pipelines, who have the token of an admin,
/// need no certificate; a token of a service counts only with the certificate of one, see [Gate].
/// Who probes and scrapes gets a plain listener with health and metrics only.
public final class Ours implements AutoCloseable {
    /// Who may use a token of a service.
    static final Set<Role> SERVICES = Set.of(Role.GATEWAY, Role.SERVER, Role.OPERATOR);

    private final int healthPort;
    private final WatchedIdentity identity;

    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when its files hold no
    ///   certificate of control
    public Ours(MutualTls files, Metrics metrics) {
        this.healthPort = files.healthPort();
        this.identity =
                new WatchedIdentity(
                        Path.of(files.folder()), Role.CONTROL, metrics, InstantSource.system());
    }

    /// After the main listener.
    public void listen(
            HttpEdge.Builder building,
            String main,
            String host,
            Readiness readiness,
            Metrics metrics) {
        building.tlsOfOurs(main, identity.accepting(SERVICES), false);
        WatchedIdentity.listenPlainly(building, host, healthPort, readiness, metrics);
    }

    public void start() {
        identity.start();
    }

    @Override
    public void close() {
        identity.close();
    }
}
