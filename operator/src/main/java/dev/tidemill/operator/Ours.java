package dev.tidemill.operator;

import dev.tidemill.http.Metrics;
import dev.tidemill.http.tls.CertificateWatch;
import dev.tidemill.http.tls.Identity;
import dev.tidemill.http.tls.Role;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;

/// Who the operator is to gateways that ask: their admin listeners are for it alone.
final class Ours implements AutoCloseable {
    private final SSLContext gateways;
    private final CertificateWatch watch;

    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when the folder holds no
    ///   certificate of an operator
    Ours(Path folder, Metrics metrics) {
        Identity identity = new Identity(folder, Role.OPERATOR, InstantSource.system());
        this.gateways = identity.calling(Role.GATEWAY);
        this.watch = identity.watch();
        identity.show(metrics, watch);
    }

    SSLContext gateways() {
        return gateways;
    }

    void start() {
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }
}
