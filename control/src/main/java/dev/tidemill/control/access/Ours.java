package dev.tidemill.control.access;

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

/// Who control is to our other processes. People and pipelines, who have the token of an admin,
/// need no certificate; a token of a service counts only with the certificate of one, see [Gate].
/// Who probes and scrapes gets a plain listener with health and metrics only.
public final class Ours implements AutoCloseable {
    /// Of the plain listener.
    public static final String HEALTH = "health";

    /// Who may use a token of a service.
    static final Set<Role> SERVICES = Set.of(Role.GATEWAY, Role.SERVER, Role.OPERATOR);

    private final MutualTls files;
    private final Identity identity;
    private final CertificateWatch watch;

    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when its files hold no
    ///   certificate of control
    public Ours(MutualTls files, Metrics metrics) {
        this.files = files;
        this.identity = new Identity(Path.of(files.folder()), Role.CONTROL, InstantSource.system());
        this.watch = identity.watch();
        identity.show(metrics, watch);
    }

    /// After the main listener.
    public void listen(
            HttpEdge.Builder building,
            String main,
            String host,
            Readiness readiness,
            Metrics metrics) {
        building.tlsOfOurs(main, identity.accepting(SERVICES), false)
                .listen(
                        new Listener(HEALTH, host, files.healthPort(), 0),
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
