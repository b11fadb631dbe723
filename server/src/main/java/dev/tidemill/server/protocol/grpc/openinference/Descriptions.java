package dev.tidemill.server.protocol.grpc.openinference;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.protos.inference.ModelConfigRequest;
import dev.tidemill.protos.inference.ModelConfigResponse;
import dev.tidemill.protos.inference.ModelMetadataRequest;
import dev.tidemill.protos.inference.ModelMetadataResponse;
import dev.tidemill.protos.inference.ModelMetadataResponse.TensorMetadata;
import dev.tidemill.protos.inference.ModelReadyRequest;
import dev.tidemill.protos.inference.ModelReadyResponse;
import dev.tidemill.protos.inference.RepositoryIndexRequest;
import dev.tidemill.protos.inference.RepositoryIndexResponse;
import dev.tidemill.protos.inference.RepositoryIndexResponse.ModelIndex;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import dev.tidemill.server.repository.VersionStatus;

/// What can be asked about models.
record Descriptions(ModelRepository models, Inferring inferring) {

    /// A model that nobody knows is not ready, which is no error: clients wait for it this way.
    ModelReadyResponse ready(ModelReadyRequest request) {
        return ModelReadyResponse.newBuilder()
                .setReady(isReady(request.getName(), request.getVersion()))
                .build();
    }

    ModelMetadataResponse metadata(ModelMetadataRequest request) {
        try (ModelLease lease = inferring.acquire(request.getName(), request.getVersion())) {
            ServedModel model = lease.model();
            ModelMetadataResponse.Builder answer =
                    ModelMetadataResponse.newBuilder()
                            .setName(model.name())
                            .setPlatform(model.platform());
            models.versions(model.name()).stream()
                    .filter(VersionStatus::isReady)
                    .forEach(status -> answer.addVersions(status.version()));
            model.inputs().forEach(spec -> answer.addInputs(tensor(spec)));
            model.outputs().forEach(spec -> answer.addOutputs(tensor(spec)));
            return answer.build();
        }
    }

    ModelConfigResponse config(ModelConfigRequest request) {
        try (ModelLease lease = inferring.acquire(request.getName(), request.getVersion())) {
            return ModelConfigResponse.newBuilder().setConfig(Configs.of(lease.model())).build();
        }
    }

    RepositoryIndexResponse index(RepositoryIndexRequest request) {
        RepositoryIndexResponse.Builder answer = RepositoryIndexResponse.newBuilder();
        for (VersionStatus status : models.index()) {
            if (status.isReady() || !request.getReady()) {
                answer.addModels(
                        ModelIndex.newBuilder()
                                .setName(status.model())
                                .setVersion(status.version())
                                .setState(status.state().name())
                                .setReason(status.reason()));
            }
        }
        return answer.build();
    }

    private boolean isReady(String name, String version) {
        try {
            return version.isEmpty()
                    ? models.usual(name).isReady()
                    : models.version(name, version).isReady();
        } catch (TidemillException e) {
            if (e.code() == ErrorCode.MODEL_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static TensorMetadata tensor(TensorSpec spec) {
        return TensorMetadata.newBuilder()
                .setName(spec.name())
                .setDatatype(spec.type().name())
                .addAllShape(spec.shape())
                .build();
    }
}
