package dev.tidemill.gateway.grpc;

import dev.tidemill.gateway.canary.SideCounts;
import dev.tidemill.gateway.mirror.Copies;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.Steering;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes [Copies] of calls.
final class MirroredCalls {
    private MirroredCalls() {}

    static void copy(
            GrpcParts parts, ReplicaTable table, Destination destination, Sending sending) {
        Steering.Mirror mirror = destination.steering().mirror();
        if (mirror != null) {
            copy(parts, table, destination, sending, mirror, null);
        }
        Steering.Trial trial = destination.steering().trial(destination.targets());
        if (trial != null) {
            copy(parts, table, destination, sending, trial.mirror(), trial.counts());
        }
    }

    private static void copy(
            GrpcParts parts,
            ReplicaTable table,
            Destination destination,
            Sending sending,
            Steering.Mirror mirror,
            @Nullable SideCounts counts) {
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
                                    long began = parts.nanos().getAsLong();
                                    Sending copy = sending.until(began + patience.request());
                                    int status =
                                            send(
                                                    peers.get(index),
                                                    mirror,
                                                    copy,
                                                    patience.firstByte());
                                    count(counts, status, parts.nanos().getAsLong() - began);
                                    return status;
                                });
    }

    private static void count(@Nullable SideCounts counts, int status, long nanos) {
        if (counts != null && status != Copies.UNREACHED && status < 500) {
            counts.answered(nanos);
        } else if (counts != null) {
            counts.failed();
        }
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
