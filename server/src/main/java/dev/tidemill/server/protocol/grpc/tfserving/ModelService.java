package dev.tidemill.server.protocol.grpc.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.protos.tensorflow.error.Code;
import dev.tidemill.protos.tensorflow.serving.FileSystemStoragePathSourceConfig.ServableVersionPolicy;
import dev.tidemill.protos.tensorflow.serving.GetModelStatusRequest;
import dev.tidemill.protos.tensorflow.serving.GetModelStatusResponse;
import dev.tidemill.protos.tensorflow.serving.ModelConfig;
import dev.tidemill.protos.tensorflow.serving.ModelServiceGrpc;
import dev.tidemill.protos.tensorflow.serving.ModelVersionStatus;
import dev.tidemill.protos.tensorflow.serving.ReloadConfigRequest;
import dev.tidemill.protos.tensorflow.serving.ReloadConfigResponse;
import dev.tidemill.protos.tensorflow.serving.StatusProto;
import dev.tidemill.server.modelconfig.VersionPolicy;
import dev.tidemill.server.protocol.grpc.GrpcService;
import dev.tidemill.server.protocol.tfserving.VersionState;
import dev.tidemill.server.repository.ModelRepository;
import dev.tidemill.server.repository.ModelSetting;
import dev.tidemill.server.repository.VersionStatus;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Where versions stand, and which models there are to be.
public record ModelService(ModelRepository models) {

    public GrpcService service() {
        return GrpcService.of(ModelServiceGrpc.getServiceDescriptor())
                .unary(ModelServiceGrpc.getGetModelStatusMethod(), (request, _) -> status(request))
                .unary(
                        ModelServiceGrpc.getHandleReloadConfigRequestMethod(),
                        (request, _) -> reload(request));
    }

    private GetModelStatusResponse status(GetModelStatusRequest request) {
        GetModelStatusResponse.Builder answer = GetModelStatusResponse.newBuilder();
        for (VersionStatus status : Specs.servable(request.getModelSpec()).statuses(models)) {
            VersionState state = VersionState.of(status);
            answer.addModelVersionStatus(
                    ModelVersionStatus.newBuilder()
                            .setVersion(Specs.number(state.version()).orElse(0))
                            .setStateValue(state.state().number())
                            .setStatus(
                                    StatusProto.newBuilder()
                                            .setErrorCodeValue(state.errorNumber())
                                            .setErrorMessage(state.message())));
        }
        return answer.build();
    }

    private ReloadConfigResponse reload(ReloadConfigRequest request) {
        if (!request.getConfig().hasModelConfigList()) {
            throw invalid("ServerCore::ReloadConfig() expects a model_config_list");
        }
        models.reconfigure(
                request.getConfig().getModelConfigList().getConfigList().stream()
                        .map(ModelService::setting)
                        .toList());
        return ReloadConfigResponse.newBuilder()
                .setStatus(StatusProto.newBuilder().setErrorCode(Code.OK))
                .build();
    }

    private static ModelSetting setting(ModelConfig config) {
        if (config.getName().isEmpty() || config.getBasePath().isEmpty()) {
            throw invalid(
                    "model_config_list: '%s' (expected: a name and a base_path)"
                            .formatted(config.getName()));
        }
        Map<String, String> labels = new HashMap<>();
        config.getVersionLabelsMap()
                .forEach((label, version) -> labels.put(label, Long.toString(version)));
        return new ModelSetting(
                config.getName(), path(config), versions(config.getModelVersionPolicy()), labels);
    }

    private static Path path(ModelConfig config) {
        try {
            return Path.of(config.getBasePath());
        } catch (InvalidPathException e) {
            throw invalid(
                    "model %s: base_path: '%s' (expected: a folder)"
                            .formatted(config.getName(), config.getBasePath()));
        }
    }

    /// Latest 0 means 1, as in the original.
    private static Optional<VersionPolicy> versions(ServableVersionPolicy policy) {
        return switch (policy.getPolicyChoiceCase()) {
            case LATEST ->
                    Optional.of(
                            new VersionPolicy.Latest(
                                    Math.clamp(
                                            policy.getLatest().getNumVersions(),
                                            1,
                                            Integer.MAX_VALUE)));
            case ALL -> Optional.of(new VersionPolicy.All());
            case SPECIFIC ->
                    Optional.of(new VersionPolicy.Specific(policy.getSpecific().getVersionsList()));
            case POLICYCHOICE_NOT_SET -> Optional.empty();
        };
    }

    private static TidemillException invalid(String message) {
        return new TidemillException(ErrorCode.INVALID_REQUEST, message);
    }
}
