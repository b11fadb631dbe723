package dev.tidemill.server.protocol.grpc.openinference;

import dev.tidemill.protos.inference.InferBatchStatistics;
import dev.tidemill.protos.inference.InferStatistics;
import dev.tidemill.protos.inference.ModelStatistics;
import dev.tidemill.protos.inference.ModelStatisticsRequest;
import dev.tidemill.protos.inference.ModelStatisticsResponse;
import dev.tidemill.protos.inference.StatisticDuration;
import dev.tidemill.server.protocol.grpc.openinference.ModelCounts.Batch;
import dev.tidemill.server.protocol.grpc.openinference.ModelCounts.Times;

/// Counts as messages.
final class Statistics {
    private Statistics() {}

    static ModelStatisticsResponse of(ModelCounts.Source source, ModelStatisticsRequest request) {
        ModelStatisticsResponse.Builder answer = ModelStatisticsResponse.newBuilder();
        source.counts(request.getName(), request.getVersion())
                .forEach(counts -> answer.addModelStats(of(counts)));
        return answer.build();
    }

    private static ModelStatistics of(ModelCounts counts) {
        ModelStatistics.Builder answer =
                ModelStatistics.newBuilder()
                        .setName(counts.model())
                        .setVersion(counts.version())
                        .setLastInference(counts.lastInferenceMillis())
                        .setInferenceCount(counts.inferences())
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
        for (Batch batch : counts.batches()) {
            answer.addBatchStats(
                    InferBatchStatistics.newBuilder()
                            .setBatchSize(batch.size())
                            .setComputeInput(of(batch.input()))
                            .setComputeInfer(of(batch.infer()))
                            .setComputeOutput(of(batch.output())));
        }
        return answer.build();
    }

    private static StatisticDuration of(Times times) {
        return StatisticDuration.newBuilder().setCount(times.count()).setNs(times.nanos()).build();
    }
}
