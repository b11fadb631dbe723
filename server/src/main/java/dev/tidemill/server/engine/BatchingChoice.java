package dev.tidemill.server.engine;

import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.StreamingModel;
import dev.tidemill.server.batching.BatchPlan;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.InstanceGroup;
import dev.tidemill.server.modelconfig.ModelConfig;
import java.util.List;
import java.util.Optional;

/// Whether the requests to a model are joined, and why not.
///
/// @param config what was said about the model, with the gaps filled from it
/// @param rows how many a request may bring
/// @param whyNot why requests are not joined; empty when they are
record BatchingChoice(ModelConfig config, RowShape rows, String whyNot) {
    private static final String ANY_NUMBER = "a request gets any number of answers";

    /// Runs the model a few times to find out whether its rows are independent, unless the
    /// configuration says so.
    ///
    /// @param threads that runs of slow models have
    /// @throws IllegalArgumentException when configuration and model do not fit together
    static BatchingChoice of(ModelConfig said, LoadedModel model, int threads) {
        Optional<String> obstacle = obstacle(said, model);
        ModelConfig config =
                ConfigFit.complete(
                        obstacle.isPresent() ? said.withMaxBatchSize(0) : said,
                        model.inputs(),
                        model.outputs(),
                        InstanceGroup.on(model.devices(), threads));
        int maxBatch = config.maxBatchSize().orElse(0);
        RowShape rows =
                RowShape.of(
                        maxBatch > 0,
                        model.inputs(),
                        said.maxBatchSize().isPresent() ? maxBatch : Integer.MAX_VALUE);
        return new BatchingChoice(config, rows, whyNot(config, obstacle, model));
    }

    private static String whyNot(ModelConfig config, Optional<String> obstacle, LoadedModel model) {
        if (model instanceof StreamingModel) {
            return ANY_NUMBER;
        }
        if (config.maxBatchSize().orElse(0) > 0 && config.batching().isPresent()) {
            return "";
        }
        if (model instanceof EnsembleModel) {
            return "the models of its steps join requests";
        }
        return obstacle.orElse("the configuration does not ask for it");
    }

    private static Optional<String> obstacle(ModelConfig said, LoadedModel model) {
        if (said.maxBatchSize().isPresent()) {
            return Optional.empty();
        }
        if (model instanceof StreamingModel) {
            return Optional.of(ANY_NUMBER);
        }
        return ConfigFit.mayBatch(model.inputs(), model.outputs())
                ? RowProbe.obstacle(model)
                : Optional.of("the first dimensions of the model are not all open");
    }

    /// When waiting requests become a run; each alone where they are not joined.
    BatchPlan plan() {
        DynamicBatching terms = terms();
        return whyNot.isEmpty()
                ? new BatchPlan(
                        config.maxBatchSize().orElse(0),
                        terms.preferredSizes(),
                        terms.maxDelay().toNanos())
                : new BatchPlan(1, List.of(), 0);
    }

    /// Of waiting, which hold for models that join nothing too.
    DynamicBatching terms() {
        return config.batching().orElse(DynamicBatching.DEFAULT);
    }

    /// Runs that may go on at once.
    int runs() {
        return config.instances().stream().mapToInt(InstanceGroup::runs).sum();
    }
}
