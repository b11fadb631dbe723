package dev.tidemill.gateway.grpc;

import dev.tidemill.http.RequestId;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.helidon.http.ServerResponseHeaders;
import java.io.InputStream;
import java.util.function.BiFunction;

/// Where every call that is passed on comes in, or does not.
final class Entrance {
    private Entrance() {}

    /// @param messages that are asked for at first
    /// @param next who takes the call from there
    static ServerCall.Listener<byte[]> begin(
            GrpcParts parts,
            ServerCall<byte[], InputStream> call,
            Metadata metadata,
            int messages,
            BiFunction<Arrival, Ending, ServerCall.Listener<byte[]>> next) {
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
            call.request(messages);
            return next.apply(arrival, client);
        } catch (RuntimeException e) {
            client.refuse(e, Trailers.of(said));
            return new ServerCall.Listener<>() {};
        }
    }
}
