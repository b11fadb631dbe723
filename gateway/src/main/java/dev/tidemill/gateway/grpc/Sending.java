package dev.tidemill.gateway.grpc;

import dev.tidemill.gateway.table.Destination;
import io.grpc.MethodDescriptor;
import java.io.InputStream;

/// Sends one call's message, to whomever and as often as somebody decides.
final class Sending implements Attempts.Sender<Reply> {
    private final GrpcParts parts;
    private final Arrival arrival;
    private final String id;
    private final MethodDescriptor<byte[], InputStream> method;
    private final NamedBy named;
    private final String model;
    private final byte[] message;
    private final long deadlineNanos;

    /// @param id of the request
    /// @param model that the message names
    /// @param deadlineNanos when an answer is of no use any more
    Sending(
            GrpcParts parts,
            Arrival arrival,
            String id,
            MethodDescriptor<byte[], InputStream> method,
            NamedBy named,
            String model,
            byte[] message,
            long deadlineNanos) {
        this.parts = parts;
        this.arrival = arrival;
        this.id = id;
        this.method = method;
        this.named = named;
        this.model = model;
        this.message = message;
        this.deadlineNanos = deadlineNanos;
    }

    /// The same with another deadline.
    Sending until(long nanos) {
        return new Sending(parts, arrival, id, method, named, model, message, nanos);
    }

    int size() {
        return message.length;
    }

    @Override
    public Result<Reply> send(Peer peer, Destination.Target target, long patienceNanos)
            throws InterruptedException {
        long left = deadlineNanos - parts.nanos().getAsLong();
        return UnaryExchange.run(
                peer,
                method,
                Arrival.within(Math.min(left, patienceNanos)),
                arrival.outgoing(id, target),
                named.sent(message, model, target));
    }

    @Override
    public boolean canBeHedged() {
        return true;
    }
}
