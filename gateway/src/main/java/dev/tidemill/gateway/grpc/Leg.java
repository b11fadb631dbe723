package dev.tidemill.gateway.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.gateway.admission.Reservation;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.routing.FailureKind;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// A stream to one replica: the part of a client's stream that is about one model. Its answers and
/// its end go to an [Audience], from the transport's thread.
final class Leg extends ClientCall.Listener<InputStream> {
    private final Peer peer;
    private final Destination.Target target;
    private final ClientCall<byte[], InputStream> call;
    private final Progress progress;
    private final Audience audience;
    private final Span span;
    private final Context context = Context.current();
    private final CompletableFuture<Boolean> connected = new CompletableFuture<>();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable Reservation reservation;

    @GuardedBy("lock")
    private @Nullable Measured measured;

    @GuardedBy("lock")
    private @Nullable Status ended;

    @GuardedBy("lock")
    private boolean asked;

    /// Who hears what comes back.
    interface Audience {
        void headers(Metadata headers);

        void message(Leg leg, InputStream message);

        /// It can take another message.
        void ready();

        /// @param failure how the connection failed; null when the status is the replica's own
        void ended(Leg leg, Status status, Metadata trailers, @Nullable FailureKind failure);
    }

    private Leg(
            Peer peer,
            Destination.Target target,
            ClientCall<byte[], InputStream> call,
            Progress progress,
            Span span,
            Audience audience) {
        this.peer = peer;
        this.target = target;
        this.call = call;
        this.progress = progress;
        this.span = span;
        this.audience = audience;
    }

    /// Begins a stream with its first message, and waits until that is on its way.
    static Result<Leg> open(
            Peer peer,
            Destination.Target target,
            MethodDescriptor<byte[], InputStream> method,
            CallOptions options,
            Metadata headers,
            byte[] first,
            Audience audience)
            throws InterruptedException {
        ManagedChannel channel;
        try {
            channel = peer.channel();
        } catch (IOException e) {
            peer.failed(FailureKind.CONNECT_REFUSED, null);
            return new Result.Failed<>(FailureKind.CONNECT_REFUSED);
        }
        Span span = AttemptSpan.begin(peer, method, headers);
        Progress progress = new Progress();
        Leg leg =
                new Leg(
                        peer,
                        target,
                        channel.newCall(method, options.withStreamTracerFactory(progress)),
                        progress,
                        span,
                        audience);
        peer.begin();
        leg.call.start(leg, headers);
        leg.call.request(1);
        leg.call.sendMessage(first);
        try {
            if (leg.connected.get()) {
                return new Result.Answered<>(leg, Status.Code.OK);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed so", e);
        } catch (InterruptedException e) {
            leg.cancel("the gateway ends");
            throw e;
        }
        FailureKind kind = progress.kind(leg.status(), Context.current().isCancelled());
        peer.failed(kind, channel);
        Result<Leg> failed = new Result.Failed<>(kind);
        AttemptSpan.end(span, failed);
        span.end();
        return failed;
    }

    private Status status() {
        synchronized (lock) {
            return ended == null ? Status.UNKNOWN : ended;
        }
    }

    /// Holds what is to be given back when it ends, which may be now.
    void hold(Reservation taken, Measured counted) {
        synchronized (lock) {
            reservation = taken;
            measured = counted;
        }
        settleIfEnded();
    }

    /// Gives its reservation back, for another one.
    void giveBack() {
        synchronized (lock) {
            if (reservation != null) {
                reservation.close();
                reservation = null;
            }
        }
    }

    void hold(Reservation taken) {
        synchronized (lock) {
            reservation = taken;
        }
        settleIfEnded();
    }

    /// @return whether it can take another one now; otherwise its audience hears when
    boolean send(byte[] message) {
        call.sendMessage(message);
        return isReady();
    }

    /// As [#send], for the message that it was opened with.
    boolean isReady() {
        synchronized (lock) {
            asked = !call.isReady() && ended == null;
            return !asked;
        }
    }

    boolean hasEnded() {
        synchronized (lock) {
            return ended != null;
        }
    }

    void halfClose() {
        call.halfClose();
    }

    void requestAnswer() {
        call.request(1);
    }

    void cancel(String why) {
        call.cancel(why, null);
    }

    @Override
    public void onReady() {
        connected.complete(true);
        boolean waiting;
        synchronized (lock) {
            waiting = asked;
            asked = false;
        }
        if (waiting) {
            audience.ready();
        }
    }

    @Override
    public void onHeaders(Metadata headers) {
        connected.complete(true);
        headers.discardAll(UnaryExchange.REPLICA);
        headers.put(UnaryExchange.REPLICA, peer.id());
        audience.headers(headers);
    }

    @Override
    public void onMessage(InputStream message) {
        audience.message(this, message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        peer.end();
        boolean waiting;
        synchronized (lock) {
            ended = status;
            waiting = asked;
            asked = false;
        }
        settleIfEnded();
        if (!progress.isSent() && connected.complete(false)) {
            return;
        }
        connected.complete(true);
        boolean told = status.isOk() || progress.isTold();
        FailureKind failure = told ? null : progress.kind(status, context.isCancelled());
        learn(status, failure);
        audience.ended(this, status, trailers, failure);
        if (waiting) {
            audience.ready();
        }
    }

    private void learn(Status status, @Nullable FailureKind failure) {
        if (failure == null) {
            peer.answered(status.getCode());
            AttemptSpan.told(span, status.getCode());
        } else {
            context.run(() -> peer.failed(failure, null));
            AttemptSpan.end(span, new Result.Failed<>(failure));
        }
        span.end();
    }

    private void settleIfEnded() {
        Reservation taken;
        Measured counted;
        Status status;
        synchronized (lock) {
            if (ended == null) {
                return;
            }
            status = ended;
            taken = reservation;
            counted = measured;
            reservation = null;
            measured = null;
        }
        if (counted != null) {
            counted.status(Trailers.httpStatus(status.getCode()));
            counted.close();
        }
        if (taken != null) {
            taken.close();
        }
    }

    Destination.Target target() {
        return target;
    }

    String replica() {
        return peer.id();
    }
}
