package dev.tidemill.server.protocol.grpc.openinference;

import dev.tidemill.protos.inference.DataType;
import dev.tidemill.protos.inference.ModelConfig;
import dev.tidemill.protos.inference.ModelDynamicBatching;
import dev.tidemill.protos.inference.ModelEnsembling;
import dev.tidemill.protos.inference.ModelInput;
import dev.tidemill.protos.inference.ModelInstanceGroup;
import dev.tidemill.protos.inference.ModelOutput;
import dev.tidemill.protos.inference.ModelParameter;
import dev.tidemill.protos.inference.ModelQueuePolicy;
import dev.tidemill.protos.inference.ModelResponseCache;
import dev.tidemill.protos.inference.ModelTransactionPolicy;
import dev.tidemill.protos.inference.ModelVersionPolicy;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.Ensemble;
import dev.tidemill.server.modelconfig.InstanceGroup;
import dev.tidemill.server.modelconfig.QueuePolicy;
import dev.tidemill.server.modelconfig.TensorConfig;
import dev.tidemill.server.modelconfig.VersionPolicy;
import java.time.Duration;
import java.util.List;

/// A model's configuration as a message, with what the model itself says about its tensors.
final class Configs {
    private Configs() {}

    static ModelConfig of(ServedModel model) {
        var config = model.config();
        int maxBatch = config.maxBatchSize().orElse(0);
        ModelConfig.Builder answer =
                ModelConfig.newBuilder()
                        .setName(model.name())
                        .setPlatform(config.platform())
                        .setBackend(config.backend())
                        .setMaxBatchSize(maxBatch)
                        .setDefaultModelFilename(config.shownFile())
                        .setVersionPolicy(of(config.versions()));
        model.inputs().forEach(spec -> answer.addInput(input(spec, maxBatch, config.inputs())));
        model.outputs().forEach(spec -> answer.addOutput(output(spec, maxBatch, config.outputs())));
        config.instances().forEach(group -> answer.addInstanceGroup(of(group)));
        config.batching().ifPresent(batching -> answer.setDynamicBatching(of(batching)));
        config.ensemble().ifPresent(ensemble -> answer.setEnsembleScheduling(of(ensemble)));
        if (config.decoupled()) {
            answer.setModelTransactionPolicy(
                    ModelTransactionPolicy.newBuilder().setDecoupled(true));
        }
        if (config.responseCache()) {
            answer.setResponseCache(ModelResponseCache.newBuilder().setEnable(true));
        }
        config.parameters()
                .forEach((key, value) ->
                        answer.putParameters(
                                key, ModelParameter.newBuilder().setStringValue(value).build()));
        return answer.build();
    }

    private static ModelInput input(TensorSpec spec, int maxBatch, List<TensorConfig> said) {
        return ModelInput.newBuilder()
                .setName(spec.name())
                .setDataType(of(spec.type()))
                .addAllDims(dims(spec, maxBatch))
                .setOptional(
                        said.stream()
                                .anyMatch(tensor ->
                                        tensor.name().equals(spec.name()) && tensor.optional()))
                .build();
    }

    private static ModelOutput output(TensorSpec spec, int maxBatch, List<TensorConfig> said) {
        ModelOutput.Builder answer =
                ModelOutput.newBuilder()
                        .setName(spec.name())
                        .setDataType(of(spec.type()))
                        .addAllDims(dims(spec, maxBatch));
        said.stream()
                .filter(tensor -> tensor.name().equals(spec.name()))
                .forEach(tensor -> answer.setLabelFilename(tensor.labelFile()));
        return answer.build();
    }

    /// Without the batch dimension where the model batches.
    private static List<Long> dims(TensorSpec spec, int maxBatch) {
        List<Long> shape = spec.shape();
        return maxBatch > 0 && !shape.isEmpty() ? shape.subList(1, shape.size()) : shape;
    }

    private static DataType of(dev.tidemill.runtimes.spi.DataType type) {
        return type == dev.tidemill.runtimes.spi.DataType.BYTES
                ? DataType.TYPE_STRING
                : DataType.valueOf("TYPE_" + type.name());
    }

    private static ModelVersionPolicy of(VersionPolicy policy) {
        ModelVersionPolicy.Builder answer = ModelVersionPolicy.newBuilder();
        switch (policy) {
            case VersionPolicy.Latest(int count) ->
                    answer.setLatest(ModelVersionPolicy.Latest.newBuilder().setNumVersions(count));
            case VersionPolicy.All() -> answer.setAll(ModelVersionPolicy.All.getDefaultInstance());
            case VersionPolicy.Specific(var versions) ->
                    answer.setSpecific(
                            ModelVersionPolicy.Specific.newBuilder().addAllVersions(versions));
        }
        return answer.build();
    }

    private static ModelInstanceGroup of(InstanceGroup group) {
        ModelInstanceGroup.Kind kind =
                switch (group.kind()) {
                    case AUTO -> ModelInstanceGroup.Kind.KIND_AUTO;
                    case CPU -> ModelInstanceGroup.Kind.KIND_CPU;
                    case GPU -> ModelInstanceGroup.Kind.KIND_GPU;
                };
        return ModelInstanceGroup.newBuilder()
                .setCount(group.count())
                .setKind(kind)
                .addAllGpus(group.devices())
                .build();
    }

    private static ModelDynamicBatching of(DynamicBatching batching) {
        ModelDynamicBatching.Builder answer =
                ModelDynamicBatching.newBuilder()
                        .addAllPreferredBatchSize(batching.preferredSizes())
                        .setMaxQueueDelayMicroseconds(micros(batching.maxDelay()))
                        .setPreserveOrdering(batching.preserveOrder())
                        .setPriorityLevels(batching.priorityLevels())
                        .setDefaultPriorityLevel(batching.defaultPriority())
                        .setDefaultQueuePolicy(of(batching.defaultPolicy()));
        batching.policies()
                .forEach((level, policy) -> answer.putPriorityQueuePolicy(level, of(policy)));
        return answer.build();
    }

    private static ModelQueuePolicy of(QueuePolicy policy) {
        ModelQueuePolicy.TimeoutAction action =
                switch (policy.onTimeout()) {
                    case REJECT -> ModelQueuePolicy.TimeoutAction.REJECT;
                    case DELAY -> ModelQueuePolicy.TimeoutAction.DELAY;
                };
        return ModelQueuePolicy.newBuilder()
                .setTimeoutAction(action)
                .setDefaultTimeoutMicroseconds(micros(policy.timeout()))
                .setAllowTimeoutOverride(policy.allowOverride())
                .setMaxQueueSize(policy.maxRequests())
                .build();
    }

    private static ModelEnsembling of(Ensemble ensemble) {
        ModelEnsembling.Builder answer = ModelEnsembling.newBuilder();
        for (Ensemble.Step step : ensemble.steps()) {
            answer.addStep(
                    ModelEnsembling.Step.newBuilder()
                            .setModelName(step.model())
                            .setModelVersion(step.version())
                            .putAllInputMap(step.inputs())
                            .putAllOutputMap(step.outputs()));
        }
        return answer.build();
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }
}
