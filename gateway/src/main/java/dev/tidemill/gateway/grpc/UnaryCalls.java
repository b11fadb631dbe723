package dev.tidemill.gateway.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.admission.Asked;
import dev.tidemill.gateway.admission.Reservation;
import dev.tidemill.gateway.audit.Noted;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.limits.Amount;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.helidon.http.ServerResponseHeaders;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Calls of one message and one answer, passed on. A virtual thread waits for each.
///
/// @param named where the message says which model it is for
record UnaryCalls(GrpcParts parts, NamedBy named)
        implements ServerCallHandler<byte[], InputStream> {
    private static final long NANOS_PER_MILLI = 1_000_000;

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
            // Two, so that a client that sends more than one is noticed.
            call.request(2);
            return new OneMessage(call, arrival, client);
        } catch (RuntimeException e) {
            client.refuse(e, Trailers.of(said));
            return new ServerCall.Listener<>() {};
        }
    }

    /// Waits for the message and the end of the client's side.
    private final class OneMessage extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], InputStream> call;
        private final Arrival arrival;
        private final Ending client;
        private byte @Nullable [] message;

        OneMessage(ServerCall<byte[], InputStream> call, Arrival arrival, Ending client) {
            this.call = call;
            this.arrival = arrival;
            this.client = client;
        }

        @Override
        public void onMessage(byte[] given) {
            if (message != null) {
                client.fail(wrongCount("more than one"), new Metadata());
            }
            message = given;
        }

        @Override
        public void onHalfClose() {
            byte[] whole = message;
            message = null;
            if (client.hasEnded()) {
                return;
            }
            try {
                parts.audit()
                        .aroundCall(
                                call.getMethodDescriptor().getFullMethodName(),
                                client.id(),
                                client::httpStatus,
                                () -> answer(call, arrival, client, whole));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                client.close(
                        Status.UNAVAILABLE.withDescription("the gateway ends"), new Metadata());
            } catch (RuntimeException e) {
                client.fail(e, arrival.limits());
            }
        }

        @Override
        public void onCancel() {
            client.gone();
        }
    }

    private void answer(
            ServerCall<byte[], InputStream> call,
            Arrival arrival,
            Ending client,
            byte @Nullable [] message)
            throws InterruptedException {
        if (message == null) {
            throw wrongCount("none");
        }
        Noted.caller(arrival.caller());
        String model = named.model(message);
        Destination destination = arrival.destination(model);
        String route = destination.isRoute() ? destination.name() : "";
        Noted.target(route, model, "");
        Span.current().set("tidemill.model.name", model);
        long began = parts.nanos().getAsLong();
        long most = destination.patience().request();
        try (Reservation reservation =
                        parts.admission()
                                .reserve(
                                        arrival.table().limits(),
                                        new Asked(arrival.caller(), model, route),
                                        Amount.NONE,
                                        most / NANOS_PER_MILLI,
                                        message.length,
                                        arrival.said());
                Measured measured = new Measured(parts, destination, began)) {
            long deadline = Arrival.deadline(began, most);
            Sending sending =
                    new Sending(
                            parts,
                            arrival,
                            client.id(),
                            call.getMethodDescriptor(),
                            named,
                            model,
                            message,
                            deadline);
            MirroredCalls.copy(parts, arrival.table(), destination, sending);
            Attempts<Reply> attempts =
                    new Attempts<>(parts, arrival.table(), arrival.traits(), deadline, sending);
            measured.during(() -> {
                Reply reply;
                try {
                    reply = attempts.run(destination);
                } finally {
                    if (attempts.isInVain()) {
                        arrival.said().set(Pushback.NEVER);
                    }
                }
                pass(reply, arrival, client, measured);
            });
            reservation.settle(Amount.NONE);
        }
    }

    private static void pass(Reply reply, Arrival arrival, Ending client, Measured measured) {
        measured.status(Trailers.httpStatus(reply.status().getCode()));
        if (client.hasEnded()) {
            reply.close();
            return;
        }
        Metadata headers = reply.headers() == null ? new Metadata() : reply.headers();
        Trailers.replace(headers, arrival.limits());
        if (reply.message() != null || reply.status().isOk()) {
            client.headers(headers);
        } else {
            Trailers.replace(reply.trailers(), arrival.limits());
        }
        if (reply.message() != null) {
            client.send(reply.message());
        }
        client.close(reply.status(), reply.trailers());
    }

    private static TidemillException wrongCount(String found) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST, "messages: '%s' (expected: one)".formatted(found));
    }
}
