package dev.tidemill.server.protocol.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// Streams of requests, each with its answers: worked on concurrently; the last answers come in the
/// requests' order.
record DuplexHandler<Q extends MessageLite, A>(
        Parser<Q> parser,
        MessageWeight weight,
        GrpcService.Duplex<Q, A> function,
        BiFunction<Q, String, A> failed,
        Calls calls)
        implements GrpcService.CallHandler<A> {

    @Override
    public ServerCall.Listener<Received> startCall(ServerCall<Received, A> call, Metadata headers) {
        Calls.One<A> one = calls.begin(call, headers);
        DuplexCall<A> duplex =
                new DuplexCall<>(one, (message, early) -> answer(message, one, early));
        duplex.start();
        call.request(DuplexCall.MAX_AT_ONCE);
        return duplex;
    }

    private Optional<A> answer(Received message, Calls.One<A> one, Consumer<A> early) {
        Q request = message.parse(parser, weight);
        try {
            return function.answer(request, one.arrival(message), early);
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            return Optional.of(
                    failed.apply(request, String.valueOf(one.statusOf(e).getDescription())));
        }
    }
}
