package dev.tidemill.server.protocol.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.function.BiFunction;

/// Streams of requests, each with its answer: worked on concurrently, answered in their order.
record DuplexHandler<Q extends MessageLite, A>(
        Parser<Q> parser,
        MessageWeight weight,
        GrpcService.Unary<Q, A> function,
        BiFunction<Q, String, A> failed,
        Calls calls)
        implements GrpcService.CallHandler<A> {

    @Override
    public ServerCall.Listener<Received> startCall(ServerCall<Received, A> call, Metadata headers) {
        Calls.One<A> one = calls.begin(call, headers);
        DuplexCall<A> duplex = new DuplexCall<>(one, message -> answer(message, one));
        duplex.start();
        call.request(DuplexCall.MAX_AT_ONCE);
        return duplex;
    }

    private A answer(Received message, Calls.One<A> one) {
        Q request = message.parse(parser, weight);
        try {
            return function.answer(request, one.arrival(message));
        } catch (RuntimeException | Error e) {
            return failed.apply(request, String.valueOf(one.statusOf(e).getDescription()));
        }
    }
}
