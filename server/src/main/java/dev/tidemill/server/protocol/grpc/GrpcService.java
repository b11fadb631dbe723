package dev.tidemill.server.protocol.grpc;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/// A service as functions: blocking, and throwing [dev.tidemill.common.TidemillException] for what
/// they refuse. Every method of the descriptor must get one.
public final class GrpcService {
    private final ServiceDescriptor descriptor;
    private final List<Method<?, ?>> methods = new ArrayList<>();

    private GrpcService(ServiceDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    public static GrpcService of(ServiceDescriptor descriptor) {
        return new GrpcService(descriptor);
    }

    /// One request, one answer.
    @FunctionalInterface
    public interface Unary<Q, A> {
        A answer(Q request, Arrival arrival);
    }

    /// One request, many answers.
    @FunctionalInterface
    public interface Streaming<Q, A> {
        /// Returns when there is nothing more to say, or nobody left to hear it.
        void answer(Q request, Arrival arrival, Consumer<A> answers);
    }

    /// One of many requests.
    @FunctionalInterface
    public interface Duplex<Q, A> {
        /// @param early takes the answers that are there before the last and sends them at once
        /// @return the last; empty when those before were all
        Optional<A> answer(Q request, Arrival arrival, Consumer<A> early);
    }

    public <Q extends MessageLite, A> GrpcService unary(
            MethodDescriptor<Q, A> method, Unary<Q, A> function) {
        methods.add(
                new Method<>(
                        method,
                        calls ->
                                new UnaryHandler<>(
                                        parser(method), weight(method), function, calls)));
        return this;
    }

    /// As [#unary], for work that is given up when nobody waits for its answer any more: its thread
    /// is interrupted then.
    public <Q extends MessageLite, A> GrpcService cancellable(
            MethodDescriptor<Q, A> method, Unary<Q, A> function) {
        return unary(
                method,
                (request, arrival) ->
                        Cancellation.whileWanted(
                                arrival.context(), () -> function.answer(request, arrival)));
    }

    public <Q extends MessageLite, A> GrpcService streaming(
            MethodDescriptor<Q, A> method, Streaming<Q, A> function) {
        methods.add(
                new Method<>(
                        method,
                        calls ->
                                new StreamingHandler<>(
                                        parser(method), weight(method), function, calls)));
        return this;
    }

    /// A stream of requests, each with its answers: worked on concurrently, the last answers in the
    /// requests' order.
    ///
    /// @param failed makes an answer of what went wrong with a request, because an error would end
    ///   the stream for all of them
    public <Q extends MessageLite, A> GrpcService duplex(
            MethodDescriptor<Q, A> method, Duplex<Q, A> function, BiFunction<Q, String, A> failed) {
        methods.add(
                new Method<>(
                        method,
                        calls ->
                                new DuplexHandler<>(
                                        parser(method), weight(method), function, failed, calls)));
        return this;
    }

    String name() {
        return descriptor.getName();
    }

    ServerServiceDefinition build(Calls.Factory factory) {
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(renamed(descriptor, methods));
        methods.forEach(method -> method.addTo(service, factory));
        return service.build();
    }

    /// The same service whose methods take [Received].
    private static ServiceDescriptor renamed(ServiceDescriptor of, List<Method<?, ?>> methods) {
        ServiceDescriptor.Builder renamed =
                ServiceDescriptor.newBuilder(of.getName())
                        .setSchemaDescriptor(of.getSchemaDescriptor());
        methods.forEach(method -> renamed.addMethod(method.received()));
        return renamed.build();
    }

    @SuppressWarnings("unchecked") // a parser of Q makes Qs
    private static <Q extends MessageLite> Parser<Q> parser(MethodDescriptor<Q, ?> method) {
        return (Parser<Q>) prototype(method).getParserForType();
    }

    private static MessageWeight weight(MethodDescriptor<? extends MessageLite, ?> method) {
        return MessageWeight.of(prototype(method));
    }

    private static <Q extends MessageLite> Q prototype(MethodDescriptor<Q, ?> method) {
        PrototypeMarshaller<Q> marshaller = (PrototypeMarshaller<Q>) method.getRequestMarshaller();
        return requireNonNull(marshaller.getMessagePrototype(), method.getFullMethodName());
    }

    private static final class Method<Q, A> {
        private final MethodDescriptor<Received, A> received;
        private final Function<Calls, CallHandler<A>> handler;

        Method(MethodDescriptor<Q, A> method, Function<Calls, CallHandler<A>> handler) {
            this.received =
                    method.toBuilder(Received.MARSHALLER, method.getResponseMarshaller()).build();
            this.handler = handler;
        }

        MethodDescriptor<Received, A> received() {
            return received;
        }

        void addTo(ServerServiceDefinition.Builder service, Calls.Factory factory) {
            service.addMethod(received, handler.apply(factory.of(received.getFullMethodName())));
        }
    }

    /// A handler of received messages.
    interface CallHandler<A> extends ServerCallHandler<Received, A> {}
}
