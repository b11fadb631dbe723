package dev.tidemill.server.protocol.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import org.jspecify.annotations.Nullable;

/// Calls of one request and one answer. The work is done on the call's own virtual thread.
record UnaryHandler<Q extends MessageLite, A>(
        Parser<Q> parser, GrpcService.Unary<Q, A> function, Calls calls)
        implements GrpcService.CallHandler<A> {

    @Override
    public ServerCall.Listener<Received> startCall(ServerCall<Received, A> call, Metadata headers) {
        Calls.One<A> one = calls.begin(call, headers);
        // Two, so that a client that sends more than one is noticed.
        call.request(2);
        return new SingleRequest<>(one) {
            @Override
            void answer(Received message) {
                Arrival arrival = one.arrival(message);
                one.send(function.answer(message.parse(parser), arrival));
                one.end();
            }
        };
    }

    /// Waits for the one message and the end of the client's side.
    abstract static class SingleRequest<A> extends ServerCall.Listener<Received> {
        private final Calls.One<A> one;
        private @Nullable Received message;

        SingleRequest(Calls.One<A> one) {
            this.one = one;
        }

        abstract void answer(Received message);

        @Override
        public void onMessage(Received received) {
            if (message == null) {
                message = received;
            } else {
                one.fail(wrongCount("more than one"));
            }
        }

        @Override
        public void onHalfClose() {
            try {
                Received whole = message;
                message = null;
                if (whole == null) {
                    throw wrongCount("none");
                }
                answer(whole);
            } catch (RuntimeException | Error e) {
                one.fail(e);
            }
        }

        @Override
        public void onCancel() {
            one.gone();
        }

        private static TidemillException wrongCount(String found) {
            return new TidemillException(
                    ErrorCode.INVALID_REQUEST, "messages: '%s' (expected: one)".formatted(found));
        }
    }
}
