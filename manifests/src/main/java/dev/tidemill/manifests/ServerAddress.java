package dev.tidemill.manifests;

import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.cluster.MutualTls;
import java.util.Optional;

/// Where servers are reached inside their namespace.
public final class ServerAddress {
    /// Where every pod of every pool speaks gRPC.
    public static final int GRPC_PORT = ServerObjects.GRPC;

    private ServerAddress() {}

    /// A URL whose name stands for every ready pod of the pool.
    ///
    /// @param mtls whether they speak TLS
    public static String ofPods(ModelPool pool, Optional<MutualTls> mtls) {
        return "%s://%s:%d"
                .formatted(
                        MutualTlsObjects.scheme(mtls),
                        Names.serverPods(pool.name()),
                        ServerObjects.HTTP);
    }
}
