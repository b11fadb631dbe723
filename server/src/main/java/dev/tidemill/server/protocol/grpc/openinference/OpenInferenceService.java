package dev.tidemill.server.protocol.grpc.openinference;

import com.google.protobuf.MessageLite;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Readiness;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.RepositoryModelLoadRequest;
import dev.tidemill.protos.inference.RepositoryModelLoadResponse;
import dev.tidemill.protos.inference.RepositoryModelUnloadRequest;
import dev.tidemill.protos.inference.RepositoryModelUnloadResponse;
import dev.tidemill.protos.inference.ServerLiveResponse;
import dev.tidemill.protos.inference.ServerMetadataResponse;
import dev.tidemill.protos.inference.ServerReadyResponse;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.grpc.GrpcService;
import dev.tidemill.server.repository.ModelRepository;
import io.grpc.MethodDescriptor;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The service's methods, one line each.
///
/// @param extensions that the server names in its metadata
public record OpenInferenceService(
        ModelRepository models, Inference inference, Readiness readiness, List<String> extensions) {
    private static final String IN_THE_MESSAGE = "tensors in the messages; no memory is shared";
    private static final String CONFIGURED = "the server's own configuration";

    public GrpcService service() {
        Inferring inferring = new Inferring(models, inference);
        Descriptions descriptions = new Descriptions(models, inferring);
        GrpcService service =
                GrpcService.of(GRPCInferenceServiceGrpc.getServiceDescriptor())
                        .cancellable(
                                GRPCInferenceServiceGrpc.getModelInferMethod(), inferring::infer)
                        .duplex(
                                GRPCInferenceServiceGrpc.getModelStreamInferMethod(),
                                inferring::streamed,
                                inferring::failed)
                        .unary(
                                GRPCInferenceServiceGrpc.getModelReadyMethod(),
                                (request, _) -> descriptions.ready(request))
                        .unary(
                                GRPCInferenceServiceGrpc.getModelMetadataMethod(),
                                (request, _) -> descriptions.metadata(request))
                        .unary(
                                GRPCInferenceServiceGrpc.getModelConfigMethod(),
                                (request, _) -> descriptions.config(request))
                        .unary(
                                GRPCInferenceServiceGrpc.getRepositoryIndexMethod(),
                                (request, _) -> descriptions.index(request));
        server(service);
        control(service);
        refuse(service);
        return service;
    }

    private void server(GrpcService service) {
        service.unary(
                        GRPCInferenceServiceGrpc.getServerLiveMethod(),
                        (_, _) -> ServerLiveResponse.newBuilder().setLive(true).build())
                .unary(
                        GRPCInferenceServiceGrpc.getServerReadyMethod(),
                        (_, _) ->
                                ServerReadyResponse.newBuilder()
                                        .setReady(readiness.isReady())
                                        .build())
                .unary(
                        GRPCInferenceServiceGrpc.getServerMetadataMethod(),
                        (_, _) ->
                                ServerMetadataResponse.newBuilder()
                                        .setName("tidemill")
                                        .setVersion(version())
                                        .addAllExtensions(extensions)
                                        .build());
    }

    private void control(GrpcService service) {
        Statistics statistics = new Statistics(models, inference.nanos(), InstantSource.system());
        service.unary(
                        GRPCInferenceServiceGrpc.getModelStatisticsMethod(),
                        (request, _) -> statistics.answer(request))
                .unary(
                        GRPCInferenceServiceGrpc.getRepositoryModelLoadMethod(),
                        (request, _) -> load(request))
                .unary(
                        GRPCInferenceServiceGrpc.getRepositoryModelUnloadMethod(),
                        (request, _) -> unload(request));
    }

    private RepositoryModelLoadResponse load(RepositoryModelLoadRequest request) {
        requireName(request.getModelName());
        Optional<String> config = Optional.empty();
        Map<String, byte[]> files = new HashMap<>();
        for (var parameter : request.getParametersMap().entrySet()) {
            if (parameter.getKey().equals("config")) {
                config = Optional.of(parameter.getValue().getStringParam());
            } else if (parameter.getKey().startsWith("file:")) {
                files.put(parameter.getKey(), parameter.getValue().getBytesParam().toByteArray());
            } else {
                throw InputReader.invalid("parameters", parameter.getKey(), "config, file:PATH");
            }
        }
        models.load(request.getModelName(), config, files);
        return RepositoryModelLoadResponse.getDefaultInstance();
    }

    private RepositoryModelUnloadResponse unload(RepositoryModelUnloadRequest request) {
        requireName(request.getModelName());
        boolean dependents =
                request.containsParameters("unload_dependents")
                        && request.getParametersOrThrow("unload_dependents").getBoolParam();
        models.unload(request.getModelName(), dependents);
        return RepositoryModelUnloadResponse.getDefaultInstance();
    }

    private static void requireName(String model) {
        if (model.isBlank()) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND, "model: '%s' (expected: a name)".formatted(model));
        }
    }

    private static void refuse(GrpcService service) {
        refuse(
                service,
                GRPCInferenceServiceGrpc.getSystemSharedMemoryStatusMethod(),
                IN_THE_MESSAGE);
        refuse(
                service,
                GRPCInferenceServiceGrpc.getSystemSharedMemoryRegisterMethod(),
                IN_THE_MESSAGE);
        refuse(
                service,
                GRPCInferenceServiceGrpc.getSystemSharedMemoryUnregisterMethod(),
                IN_THE_MESSAGE);
        refuse(service, GRPCInferenceServiceGrpc.getCudaSharedMemoryStatusMethod(), IN_THE_MESSAGE);
        refuse(
                service,
                GRPCInferenceServiceGrpc.getCudaSharedMemoryRegisterMethod(),
                IN_THE_MESSAGE);
        refuse(
                service,
                GRPCInferenceServiceGrpc.getCudaSharedMemoryUnregisterMethod(),
                IN_THE_MESSAGE);
        refuse(service, GRPCInferenceServiceGrpc.getTraceSettingMethod(), CONFIGURED);
        refuse(service, GRPCInferenceServiceGrpc.getLogSettingsMethod(), CONFIGURED);
    }

    private static <Q extends MessageLite, A> void refuse(
            GrpcService service, MethodDescriptor<Q, A> method, String expected) {
        service.unary(
                method,
                (_, _) -> {
                    throw unavailable(String.valueOf(method.getBareMethodName()), expected);
                });
    }

    private static TidemillException unavailable(String method, String expected) {
        return new TidemillException(
                ErrorCode.METHOD_NOT_ALLOWED,
                "%s: 'not offered' (expected: %s)".formatted(method, expected));
    }

    private static String version() {
        String version = OpenInferenceService.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
