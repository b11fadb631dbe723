package dev.tidemill.gateway.grpc;

import dev.tidemill.http.RequestId;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.helidon.http.ServerResponseHeaders;
import java.io.InputStream;

/// Streams of messages with their answers: `ModelStreamInfer`. Each message says which model it is
/// for.
record StreamCalls(GrpcParts parts) implements ServerCallHandler<byte[], InputStream> {
    @Override
    public ServerCall.Listener<byte[]> startCall(
            ServerCall<byte[], InputStream> call, Metadata metadata) {
        Ending client =
                new Ending(
                        parts, call, RequestId.of(metadata.get(Arrival.REQUEST_ID), parts.ids()));
        MessageMemory.Taken memory = MessageMemory.CURRENT.get();
        if (memory != null) {
            memory.onTooMuch(why -> client.fail(why, new Metadata()));
        }
        ServerResponseHeaders said = ServerResponseHeaders.create();
        try {
            Arrival arrival = Arrival.admit(parts, call, metadata, said);
            call.request(1);
            return new ClientStream(parts, call, arrival, client);
        } catch (RuntimeException e) {
            client.refuse(e, Trailers.of(said));
            return new ServerCall.Listener<>() {};
        }
    }
}
