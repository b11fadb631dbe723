package dev.tidemill.manifests;

import dev.tidemill.spec.ModelPool;

/// Where servers are reached inside their namespace.
public final class ServerAddress {
    /// Where every pod of every pool speaks gRPC.
    public static final int GRPC_PORT = ServerObjects.GRPC;

    private ServerAddress() {}

    /// A URL whose name stands for every ready pod of the pool.
    public static String ofPods(ModelPool pool) {
        return "http://%s:%d".formatted(Names.serverPods(pool.name()), ServerObjects.HTTP);
    }
}
