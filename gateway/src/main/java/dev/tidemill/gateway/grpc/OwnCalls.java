package dev.tidemill.gateway.grpc;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Readiness;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.RepositoryIndexRequest;
import dev.tidemill.protos.inference.RepositoryIndexResponse;
import dev.tidemill.protos.inference.ServerLiveResponse;
import dev.tidemill.protos.inference.ServerMetadataResponse;
import dev.tidemill.protos.inference.ServerReadyResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.helidon.http.ServerResponseHeaders;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the gateway answers itself: whether it lives and is ready, what it is, and which models
/// there are.
final class OwnCalls {
    private OwnCalls() {}

    /// By the full names of the methods.
    static Map<String, Own<?, ?>> of(String name, String version, Readiness readiness) {
        return Stream.<Own<?, ?>>of(
                        Own.open(
                                GRPCInferenceServiceGrpc.getServerLiveMethod(),
                                (_, _) -> ServerLiveResponse.newBuilder().setLive(true).build()),
                        Own.open(
                                GRPCInferenceServiceGrpc.getServerReadyMethod(),
                                (_, _) ->
                                        ServerReadyResponse.newBuilder()
                                                .setReady(readiness.isReady())
                                                .build()),
                        new Own<>(
                                GRPCInferenceServiceGrpc.getServerMetadataMethod(),
                                true,
                                (_, _) ->
                                        ServerMetadataResponse.newBuilder()
                                                .setName(name)
                                                .setVersion(version)
                                                .build()),
                        new Own<>(
                                GRPCInferenceServiceGrpc.getRepositoryIndexMethod(),
                                true,
                                OwnCalls::index))
                .collect(Collectors.toMap(own -> own.method().getFullMethodName(), own -> own));
    }

    /// The models that the caller may use; of those elsewhere nobody here knows whether they are
    /// ready.
    private static RepositoryIndexResponse index(
            RepositoryIndexRequest request, @Nullable Arrival arrival) {
        RepositoryIndexResponse.Builder index = RepositoryIndexResponse.newBuilder();
        if (arrival == null) {
            return index.build();
        }
        for (String model : arrival.table().clientModels()) {
            if (!arrival.caller().mayUseModel(model)) {
                continue;
            }
            var served = arrival.table().model(model);
            boolean ready = served == null || !served.replicas().isEmpty();
            if (ready || !request.getReady()) {
                index.addModelsBuilder()
                        .setName(model)
                        .setState(ready ? "READY" : "UNAVAILABLE")
                        .setReason(ready ? "" : "no replica");
            }
        }
        return index.build();
    }

    /// One of them.
    ///
    /// @param guarded whether it is only for those who may come in
    /// @param answer gets null for the arrival where it is not guarded
    record Own<Q, A>(
            MethodDescriptor<Q, A> method,
            boolean guarded,
            BiFunction<Q, @Nullable Arrival, A> answer) {
        static <Q, A> Own<Q, A> open(
                MethodDescriptor<Q, A> method, BiFunction<Q, @Nullable Arrival, A> answer) {
            return new Own<>(method, false, answer);
        }

        void addTo(ServerServiceDefinition.Builder service, GrpcParts parts) {
            service.addMethod(method, (call, metadata) -> begin(parts, call, metadata));
        }

        private ServerCall.Listener<Q> begin(
                GrpcParts parts, ServerCall<Q, A> call, Metadata metadata) {
            ServerResponseHeaders said = ServerResponseHeaders.create();
            try {
                Arrival arrival = guarded ? Arrival.admit(parts, call, metadata, said) : null;
                call.request(2);
                return new ServerCall.Listener<>() {
                    private @Nullable Q request;

                    @Override
                    public void onMessage(Q given) {
                        request = given;
                    }

                    @Override
                    public void onHalfClose() {
                        if (request == null) {
                            call.close(
                                    Status.INVALID_ARGUMENT.withDescription(
                                            "messages: 'none' (expected: one)"),
                                    new Metadata());
                            return;
                        }
                        call.sendHeaders(new Metadata());
                        call.sendMessage(answer.apply(request, arrival));
                        call.close(Status.OK, new Metadata());
                    }
                };
            } catch (TidemillException e) {
                call.close(Trailers.status(e), Trailers.of(said));
                return new ServerCall.Listener<>() {};
            }
        }
    }
}
