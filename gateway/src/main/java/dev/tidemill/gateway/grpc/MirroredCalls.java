package dev.tidemill.gateway.grpc;

import dev.tidemill.gateway.mirror.Copies;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.Steering;
import io.grpc.Status;
import java.util.List;

/// Makes [Copies] of calls.
final class MirroredCalls {
    private MirroredCalls() {}

    static void copy(
            GrpcParts parts, ReplicaTable table, Destination destination, Sending sending) {
        Steering.Mirror mirror = destination.steering().mirror();
        if (mirror == null) {
            return;
        }
        List<Peer> peers = parts.channels().of(table.served(mirror.target().served()));
        Destination.Patience patience = destination.patience();
        parts.copies()
                .send(
                        mirror,
                        new Copies.Original(destination.name(), sending.size()),
                        peers.stream().map(Peer::candidate).toList(),
                        parts.random().get(),
                        index ->
                                () -> {
                                    Sending copy =
                                            sending.until(
                                                    parts.nanos().getAsLong() + patience.request());
                                    return send(
                                            peers.get(index), mirror, copy, patience.firstByte());
                                });
    }

    /// On a thread of its own, so not within the client's call: its end is not the copy's.
    private static int send(Peer peer, Steering.Mirror mirror, Sending copy, long patienceNanos) {
        try {
            return switch (copy.send(peer, mirror.target(), patienceNanos)) {
                case Result.Answered<Reply>(Reply reply, Status.Code code) -> {
                    reply.close();
                    yield Trailers.httpStatus(code);
                }
                case Result.Failed<Reply> _ -> Copies.UNREACHED;
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Copies.UNREACHED;
        }
    }
}
