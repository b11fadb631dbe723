package dev.tidemill.server.protocol.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.Metadata;
import io.grpc.ServerCall;

/// Calls of one request and many answers. The work is done on the call's own virtual thread.
record StreamingHandler<Q extends MessageLite, A>(
        Parser<Q> parser, MessageWeight weight, GrpcService.Streaming<Q, A> function, Calls calls)
        implements GrpcService.CallHandler<A> {

    @Override
    public ServerCall.Listener<Received> startCall(ServerCall<Received, A> call, Metadata headers) {
        Calls.One<A> one = calls.begin(call, headers);
        UnaryHandler.SingleRequest<A> request =
                new UnaryHandler.SingleRequest<>(one) {
                    @Override
                    void answer(Received message) {
                        Arrival arrival = one.arrival(message);
                        Cancellation.whileWanted(
                                arrival.context(),
                                () -> {
                                    function.answer(
                                            message.parse(parser, weight), arrival, one::send);
                                    return arrival;
                                });
                        one.end();
                    }
                };
        call.request(2);
        return request;
    }
}
