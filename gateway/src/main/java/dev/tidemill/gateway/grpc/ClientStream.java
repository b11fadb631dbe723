package dev.tidemill.gateway.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.admission.Asked;
import dev.tidemill.gateway.admission.Reservation;
import dev.tidemill.gateway.audit.Noted;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.limits.Amount;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.ModelStreamInferResponse;
import dev.tidemill.routing.FailureKind;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client's stream. Messages of one model go to one replica, over a [Leg] that begins with the
/// first of them; a second model has a second one. What is wrong with a message is an answer, as
/// servers do it: an error would end the stream for all of them. Neither side gets more than it can
/// take: each message is asked for when the one before has gone out.
///
/// The client's messages come on one thread at a time, the answers on those of the replicas'
/// connections.
final class ClientStream extends ServerCall.Listener<byte[]> implements Leg.Audience {
    private static final NamedBy NAMED = NamedBy.NAME;
    private static final int[] ID = {3};
    private static final long NANOS_PER_MILLI = 1_000_000;

    /// About as long as anybody waits.
    private static final long DAY_NANOS = TimeUnit.DAYS.toNanos(1);

    private final GrpcParts parts;
    private final ServerCall<byte[], InputStream> call;
    private final Arrival arrival;
    private final Ending client;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<String, Leg> legs = new HashMap<>();

    /// That have more for a client that cannot take it now.
    @GuardedBy("lock")
    private final Queue<Leg> held = new ArrayDeque<>();

    ClientStream(
            GrpcParts parts, ServerCall<byte[], InputStream> call, Arrival arrival, Ending client) {
        this.parts = parts;
        this.call = call;
        this.arrival = arrival;
        this.client = client;
    }

    @Override
    public void onMessage(byte[] message) {
        if (client.hasEnded()) {
            return;
        }
        try {
            if (take(message)) {
                call.request(1);
            }
        } catch (TidemillException e) {
            client.send(Bytes.passing(refusal(message, e)));
            call.request(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            client.close(Status.UNAVAILABLE.withDescription("the gateway ends"), new Metadata());
        } catch (RuntimeException e) {
            // A leg that was cancelled meanwhile takes no more.
            if (!client.hasEnded()) {
                client.fail(e, new Metadata());
            }
            cancelAll();
        }
    }

    /// @return whether another one can be taken now
    private boolean take(byte[] message) throws InterruptedException {
        String model = NAMED.model(message);
        Leg leg = leg(model);
        if (leg != null) {
            Destination destination = arrival.destination(model);
            leg.giveBack();
            leg.hold(reserve(destination, model, message.length));
            return leg.send(NAMED.sent(message, model, leg.target()));
        }
        boolean[] ready = new boolean[1];
        parts.audit()
                .aroundCall(
                        call.getMethodDescriptor().getFullMethodName(),
                        client.id(),
                        client::httpStatus,
                        () -> ready[0] = open(model, message));
        return ready[0];
    }

    private boolean open(String model, byte[] message) throws InterruptedException {
        Noted.caller(arrival.caller());
        Destination destination = arrival.destination(model);
        Noted.target(destination.isRoute() ? destination.name() : "", model, "");
        Span.current().set("tidemill.model.name", model);
        Reservation reservation = reserve(destination, model, message.length);
        Measured measured = new Measured(parts, destination, parts.nanos().getAsLong());
        Leg leg;
        try {
            leg = connected(destination, model, message);
        } catch (TidemillException e) {
            measured.status(e.code().httpStatus());
            measured.close();
            reservation.close();
            throw e;
        } catch (InterruptedException | RuntimeException e) {
            measured.close();
            reservation.close();
            throw e;
        }
        leg.hold(reservation, measured);
        synchronized (lock) {
            if (!leg.hasEnded()) {
                legs.put(model, leg);
            }
        }
        return leg.isReady();
    }

    private Leg connected(Destination destination, String model, byte[] message)
            throws InterruptedException {
        long began = parts.nanos().getAsLong();
        long connecting = Arrival.deadline(began, destination.patience().request());
        Deadline given = Context.current().getDeadline();
        long deadline =
                given == null
                        ? began + DAY_NANOS
                        : began + given.timeRemaining(TimeUnit.NANOSECONDS);
        return new Attempts<>(
                        parts,
                        arrival.table(),
                        arrival.traits(),
                        connecting,
                        new Opening(model, message, deadline))
                .run(destination);
    }

    /// A stream's answers may take as long as they like, and it is with one replica.
    private final class Opening implements Attempts.Sender<Leg> {
        private final String model;
        private final byte[] first;
        private final long deadlineNanos;

        Opening(String model, byte[] first, long deadlineNanos) {
            this.model = model;
            this.first = first;
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public Result<Leg> send(Peer peer, Destination.Target target, long patienceNanos)
                throws InterruptedException {
            return Leg.open(
                    peer,
                    target,
                    call.getMethodDescriptor(),
                    Arrival.within(deadlineNanos - parts.nanos().getAsLong()),
                    arrival.outgoing(client.id(), target),
                    NAMED.sent(first, model, target),
                    ClientStream.this);
        }

        @Override
        public boolean canBeHedged() {
            return false;
        }
    }

    /// Each message counts as a request; the last one's place among those at a time is the
    /// stream's.
    private Reservation reserve(Destination destination, String model, int bytes)
            throws InterruptedException {
        return parts.admission()
                .reserve(
                        arrival.table().limits(),
                        new Asked(
                                arrival.caller(),
                                model,
                                destination.isRoute() ? destination.name() : ""),
                        Amount.NONE,
                        destination.patience().request() / NANOS_PER_MILLI,
                        bytes,
                        arrival.said());
    }

    private @Nullable Leg leg(String model) {
        synchronized (lock) {
            return legs.get(model);
        }
    }

    /// With the request's own id, by which clients find what it was about.
    private static byte[] refusal(byte[] message, TidemillException why) {
        String id;
        try {
            id = new WireMessage(message).text(ID, false);
        } catch (TidemillException e) {
            id = "";
        }
        return ModelStreamInferResponse.newBuilder()
                .setErrorMessage(String.valueOf(why.getMessage()))
                .setInferResponse(ModelInferResponse.newBuilder().setId(id))
                .build()
                .toByteArray();
    }

    @Override
    public void onHalfClose() {
        List<Leg> open;
        synchronized (lock) {
            open = List.copyOf(legs.values());
        }
        if (open.isEmpty()) {
            client.close(Status.OK, new Metadata());
        }
        open.forEach(Leg::halfClose);
    }

    @Override
    public void onCancel() {
        // gRPC cancels the legs: they were begun within the context of this call.
        client.gone();
    }

    @Override
    public void onReady() {
        while (call.isReady()) {
            Leg next;
            synchronized (lock) {
                next = held.poll();
            }
            if (next == null) {
                return;
            }
            next.requestAnswer();
        }
    }

    @Override
    public void headers(Metadata headers) {
        client.headers(headers);
    }

    @Override
    public void message(Leg leg, InputStream message) {
        if (client.send(message)) {
            leg.requestAnswer();
            return;
        }
        synchronized (lock) {
            held.add(leg);
        }
        onReady();
    }

    @Override
    public void ready() {
        call.request(1);
    }

    @Override
    public void ended(Leg leg, Status status, Metadata trailers, @Nullable FailureKind failure) {
        boolean last;
        synchronized (lock) {
            legs.values().remove(leg);
            last = legs.isEmpty();
        }
        if (failure != null) {
            client.fail(broken(leg, failure), new Metadata());
        } else if (!status.isOk() || last) {
            client.close(status, trailers);
        }
        if (!status.isOk()) {
            cancelAll();
        }
    }

    private static TidemillException broken(Leg leg, FailureKind failure) {
        return new TidemillException(
                failure == FailureKind.CLIENT_LEFT
                        ? ErrorCode.CANCELLED
                        : failure == FailureKind.TIMEOUT
                                ? ErrorCode.DEADLINE_EXCEEDED
                                : ErrorCode.UPSTREAM_FAILED,
                "replica '%s' %s".formatted(leg.replica(), failure.wording()));
    }

    private void cancelAll() {
        List<Leg> open;
        synchronized (lock) {
            open = List.copyOf(legs.values());
        }
        open.forEach(other -> other.cancel("the stream has ended"));
    }
}
