package dev.tidemill.gateway.forward;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.canary.SideCounts;
import dev.tidemill.gateway.mirror.Copies;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.table.Steering;
import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.AnswerStream;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.gateway.upstream.OutgoingRequest;
import dev.tidemill.gateway.upstream.Replica;
import java.time.InstantSource;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Makes [Copies] of HTTP requests.
final class Mirrors {
    private final Copies copies;
    private final LongSupplier nanos;
    private final InstantSource clock;

    Mirrors(Copies copies, LongSupplier nanos, InstantSource clock) {
        this.copies = copies;
        this.nanos = nanos;
        this.clock = clock;
    }

    /// @param counts where it is counted how the target does; null where nobody asks
    void copy(
            ReplicaTable table,
            Destination destination,
            Steering.Mirror mirror,
            Inbound inbound,
            RandomGenerator random,
            @Nullable SideCounts counts) {
        ServedModel served = table.served(mirror.target().served());
        List<Replica> replicas = served == null ? List.of() : served.replicas();
        copies.send(
                mirror,
                new Copies.Original(destination.name(), inbound.body().length),
                replicas.stream().map(Replica::candidate).toList(),
                random,
                index -> made(destination, mirror, inbound, replicas.get(index), counts));
    }

    private @Nullable IntSupplier made(
            Destination destination,
            Steering.Mirror mirror,
            Inbound inbound,
            Replica replica,
            @Nullable SideCounts counts) {
        try {
            Way way = Way.of(inbound, destination, mirror.target(), clock);
            if (way.refused() != null) {
                return null;
            }
            OutgoingRequest request = way.request();
            return () -> send(replica, request, destination.patience(), counts);
        } catch (TidemillException | IllegalArgumentException e) {
            // What cannot be sent there is not mirrored; the caller's own request is told.
            return null;
        }
    }

    private int send(
            Replica replica,
            OutgoingRequest request,
            Destination.Patience patience,
            @Nullable SideCounts counts) {
        long began = nanos.getAsLong();
        boolean answered = false;
        try (Call call = new Call(null, began + patience.request())) {
            call.patience(patience.firstByte(), patience.idle());
            Answer answer = replica.send(request, false, call);
            answered = answer.status() < 500;
            count(counts, answered, nanos.getAsLong() - began);
            if (answer instanceof Answer.Streamed(_, _, AnswerStream body)) {
                try (body) {
                    while (body.next() != null) {
                        // Nobody wants it, but that it comes whole is part of the trial.
                    }
                }
            }
            return answer.status();
        } catch (AttemptFailed e) {
            if (counts != null && answered) {
                counts.cutOff();
            } else {
                count(counts, false, 0);
            }
            return Copies.UNREACHED;
        }
    }

    private static void count(@Nullable SideCounts counts, boolean well, long nanos) {
        if (counts != null && well) {
            counts.answered(nanos);
        } else if (counts != null) {
            counts.failed();
        }
    }
}
