package dev.tidemill.server;

import dev.tidemill.common.ByteSize;
import dev.tidemill.limits.AdaptiveLimit;
import dev.tidemill.limits.Capacity;
import dev.tidemill.server.admission.AdmissionGate;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.modelconfig.InstanceGroup;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.repository.ModelRepository;
import java.time.Duration;
import java.util.List;

/// What a server lets in at a time.
final class ServerLimits {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /// Answers may take four times as long as they must before an adaptive limit falls.
    private static final double TOLERANCE = 4;

    private static final Duration HARMLESS = Duration.ofMillis(5);

    private ServerLimits() {}

    /// @param models that an adaptive limit must leave room for
    static AdmissionGate gate(ServerConfig config, ServerExtras extras, ModelRepository models) {
        Capacity capacity =
                new Capacity(
                        config.maxInFlight(), new ByteSize(config.maxInFlightBytes()), RETRY_AFTER);
        if (extras.adaptiveMin().isEmpty()) {
            return new AdmissionGate(capacity);
        }
        return new AdmissionGate(
                capacity,
                new AdaptiveLimit(
                        Math.min(extras.adaptiveMin().get(), config.maxInFlight()),
                        config.maxInFlight(),
                        TOLERANCE,
                        HARMLESS),
                () -> batchesNeed(models.answering().stream().map(ServedModel::config).toList()));
    }

    /// Requests that fill every batch twice: one that runs and one that forms.
    static int batchesNeed(List<ModelConfig> models) {
        int requests = 0;
        for (ModelConfig model : models) {
            int instances = model.instances().stream().mapToInt(InstanceGroup::runs).sum();
            requests += 2 * Math.max(1, model.maxBatchSize().orElse(1)) * instances;
        }
        return requests;
    }
}
