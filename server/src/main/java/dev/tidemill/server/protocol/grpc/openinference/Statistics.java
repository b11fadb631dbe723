package dev.tidemill.server.protocol.grpc.openinference;

import dev.tidemill.protos.inference.InferBatchStatistics;
import dev.tidemill.protos.inference.InferStatistics;
import dev.tidemill.protos.inference.ModelStatisticsRequest;
import dev.tidemill.protos.inference.ModelStatisticsResponse;
import dev.tidemill.protos.inference.StatisticDuration;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.metrics.ModelStatistics;
import dev.tidemill.server.metrics.ModelStatistics.Total;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/// What has been counted for each version, as messages.
///
/// @param nanos monotonic clock
/// @param clock wall clock
record Statistics(ModelRepository models, LongSupplier nanos, InstantSource clock) {

    ModelStatisticsResponse answer(ModelStatisticsRequest request) {
        if (!request.getVersion().isEmpty()) {
            try (ModelLease lease = models.acquire(request.getName(), request.getVersion())) {
                return answer(List.of(lease.model()));
            }
        }
        if (request.getName().isEmpty()) {
            return answer(models.answering());
        }
        requireKnown(request.getName());
        return answer(
                models.answering().stream()
                        .filter(model -> model.name().equals(request.getName()))
                        .toList());
    }

    /// What has been counted is there also for a version that goes meanwhile.
    private ModelStatisticsResponse answer(List<ServedModel> of) {
        ModelStatisticsResponse.Builder answer = ModelStatisticsResponse.newBuilder();
        of.forEach(model -> answer.addModelStats(of(model)));
        return answer.build();
    }

    private void requireKnown(String name) {
        models.versions(name);
    }

    private dev.tidemill.protos.inference.ModelStatistics of(ServedModel model) {
        ModelStatistics counts = model.meters().statistics(nanos.getAsLong(), clock.millis());
        var answer =
                dev.tidemill.protos.inference.ModelStatistics.newBuilder()
                        .setName(model.name())
                        .setVersion(model.version())
                        .setLastInference(counts.lastInference())
                        .setInferenceCount(counts.rows())
                        .setExecutionCount(counts.executions())
                        .setInferenceStats(
                                InferStatistics.newBuilder()
                                        .setSuccess(of(counts.success()))
                                        .setFail(of(counts.fail()))
                                        .setQueue(of(counts.queue()))
                                        .setComputeInput(of(counts.computeInput()))
                                        .setComputeInfer(of(counts.computeInfer()))
                                        .setComputeOutput(of(counts.computeOutput()))
                                        .setCacheHit(of(counts.cacheHit()))
                                        .setCacheMiss(of(counts.cacheMiss())));
        for (ModelStatistics.BatchSize batch : counts.batchSizes()) {
            answer.addBatchStats(
                    InferBatchStatistics.newBuilder()
                            .setBatchSize(batch.rows())
                            .setComputeInput(of(batch.computeInput()))
                            .setComputeInfer(of(batch.computeInfer()))
                            .setComputeOutput(of(batch.computeOutput())));
        }
        return answer.build();
    }

    private static StatisticDuration of(Total total) {
        return StatisticDuration.newBuilder().setCount(total.count()).setNs(total.nanos()).build();
    }
}
