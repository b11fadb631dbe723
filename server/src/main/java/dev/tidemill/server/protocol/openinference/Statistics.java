package dev.tidemill.server.protocol.openinference;

import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.metrics.ModelStatistics;
import dev.tidemill.server.metrics.ModelStatistics.BatchSize;
import dev.tidemill.server.metrics.ModelStatistics.Total;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An entry of `model_stats`, as Triton's statistics extension writes it.
final class Statistics {
    private Statistics() {}

    static Map<String, Object> of(ServedModel model, ModelStatistics counted) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", model.name());
        json.put("version", model.version());
        json.put("last_inference", counted.lastInference());
        json.put("inference_count", counted.rows());
        json.put("execution_count", counted.executions());
        json.put("inference_stats", inference(counted));
        json.put("response_stats", Map.of());
        json.put("batch_stats", counted.batchSizes().stream().map(Statistics::batch).toList());
        json.put("memory_usage", List.of());
        return json;
    }

    private static Map<String, Object> inference(ModelStatistics counted) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("success", total(counted.success()));
        json.put("fail", total(counted.fail()));
        json.put("queue", total(counted.queue()));
        json.put("compute_input", total(counted.computeInput()));
        json.put("compute_infer", total(counted.computeInfer()));
        json.put("compute_output", total(counted.computeOutput()));
        json.put("cache_hit", total(counted.cacheHit()));
        json.put("cache_miss", total(counted.cacheMiss()));
        return json;
    }

    private static Map<String, Object> batch(BatchSize size) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("batch_size", size.rows());
        json.put("compute_input", total(size.computeInput()));
        json.put("compute_infer", total(size.computeInfer()));
        json.put("compute_output", total(size.computeOutput()));
        return json;
    }

    private static Map<String, Long> total(Total total) {
        Map<String, Long> json = new LinkedHashMap<>();
        json.put("count", total.count());
        json.put("ns", total.nanos());
        return json;
    }
}
