package dev.tidemill.gateway.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.io.InputStream;

/// Streams of messages with their answers: `ModelStreamInfer`. Each message says which model it is
/// for.
record StreamCalls(GrpcParts parts) implements ServerCallHandler<byte[], InputStream> {
    @Override
    public ServerCall.Listener<byte[]> startCall(
            ServerCall<byte[], InputStream> call, Metadata metadata) {
        return Entrance.begin(
                parts,
                call,
                metadata,
                1,
                (arrival, client) -> new ClientStream(parts, call, arrival, client));
    }
}
