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
        Parser<Q> parser, MessageWeight weight, GrpcService.Unary<Q, A> function, Calls calls)
        implements GrpcService.CallHandler<A> {

    @Override
    public ServerCall.Listener<Received> startCall(ServerCall<Received, A> call, Metadata headers) {
        Calls.One<A> one = calls.begin(call, headers);
        SingleRequest<A> request =
                new SingleRequest<>(one) {
                    @Override
                    void answer(Received message) {
                        Arrival arrival = one.arrival(message);
                        one.send(function.answer(message.parse(parser, weight), arrival));
                        one.end();
                    }
                };
        // Two, so that a client that sends more than one is noticed.
        call.request(2);
        return request;
    }

    /// Waits for the one message and the end of the client's side.
    abstract static class SingleRequest<A> extends ServerCall.Listener<Received> {
        private final Calls.One<A> one;
        private final @Nullable Intake intake = Intake.KEY.get();
        private @Nullable Received message;

        SingleRequest(Calls.One<A> one) {
            this.one = one;
            if (intake != null) {
                intake.onEnding(one::fail);
            }
        }

        abstract void answer(Received message);

        @Override
        public void onMessage(Received received) {
            if (message == null) {
                message = received;
                return;
            }
            received.close();
            if (begin()) {
                one.fail(wrongCount("more than one"));
            }
        }

        @Override
        public void onHalfClose() {
            if (!begin()) {
                return;
            }
            try (Received whole = message) {
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
            drop();
            one.gone();
        }

        @Override
        public void onComplete() {
            drop();
        }

        private boolean begin() {
            return intake == null || intake.begin();
        }

        private void drop() {
            if (message != null) {
                message.close();
                message = null;
            }
        }

        private static TidemillException wrongCount(String found) {
            return new TidemillException(
                    ErrorCode.INVALID_REQUEST, "messages: '%s' (expected: one)".formatted(found));
        }
    }
}
