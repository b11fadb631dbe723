package dev.tidemill.server.metrics;

import dev.tidemill.server.metrics.ModelStatistics.Total;
import java.util.List;
import java.util.function.ToLongFunction;

/// The metrics of Triton by its names, for dashboards and autoscalers that know those. Made of what
/// is counted anyway, when somebody looks.
public final class TritonMetrics {
    private static final List<Family> FAMILIES =
            List.of(
                    counter(
                            "nv_inference_request_success",
                            "Number of successful inference requests, all batch sizes",
                            version -> version.statistics().success().count()),
                    counter(
                            "nv_inference_count",
                            "Number of inferences performed (does not include cached requests)",
                            version -> version.statistics().rows()),
                    counter(
                            "nv_inference_exec_count",
                            "Number of model executions performed (does not include cached requests)",
                            version -> version.statistics().executions()),
                    micros(
                            "nv_inference_request_duration_us",
                            "Cumulative inference request duration in microseconds (includes cached requests)",
                            version -> version.statistics().success()),
                    micros(
                            "nv_inference_queue_duration_us",
                            "Cumulative inference queuing duration in microseconds",
                            version -> version.statistics().queue()),
                    micros(
                            "nv_inference_compute_input_duration_us",
                            "Cumulative compute input duration in microseconds (does not include cached requests)",
                            version -> version.statistics().computeInput()),
                    micros(
                            "nv_inference_compute_infer_duration_us",
                            "Cumulative compute inference duration in microseconds (does not include cached requests)",
                            version -> version.statistics().computeInfer()),
                    micros(
                            "nv_inference_compute_output_duration_us",
                            "Cumulative inference compute output duration in microseconds (does not include cached requests)",
                            version -> version.statistics().computeOutput()),
                    new Family(
                            "nv_inference_pending_request_count",
                            "gauge",
                            "Instantaneous number of pending requests awaiting execution per-model.",
                            Version::pending),
                    counter(
                            "nv_cache_num_hits_per_model",
                            "Number of cache hits per model",
                            version -> version.statistics().cacheHit().count()),
                    counter(
                            "nv_cache_num_misses_per_model",
                            "Number of cache misses per model",
                            version -> version.statistics().cacheMiss().count()),
                    micros(
                            "nv_cache_hit_duration_per_model",
                            "Total cache hit duration per model, in microseconds",
                            version -> version.statistics().cacheHit()),
                    micros(
                            "nv_cache_miss_duration_per_model",
                            "Total cache miss (insert+lookup) duration per model, in microseconds",
                            version -> version.statistics().cacheMiss()));

    private TritonMetrics() {}

    /// What one version has done.
    ///
    /// @param pending requests that wait for a run
    public record Version(
            String model,
            String version,
            ModelStatistics statistics,
            Failures failures,
            long pending) {}

    /// Requests that failed, by whose doing.
    ///
    /// @param rejected shed, refused by the queue, or too late
    /// @param cancelled the client left
    /// @param backend the model failed
    /// @param other the request was wrong
    public record Failures(long rejected, long cancelled, long backend, long other) {}

    /// In Prometheus' text format.
    public static String text(List<Version> versions) {
        StringBuilder text = new StringBuilder(4096);
        for (Family family : FAMILIES) {
            head(text, family.name(), family.type(), family.help());
            for (Version version : versions) {
                line(text, family.name(), version, "", family.value().applyAsLong(version));
            }
        }
        String failures = "nv_inference_request_failure";
        head(text, failures, "counter", "Number of failed inference requests, all batch sizes");
        for (Version version : versions) {
            Failures failed = version.failures();
            line(text, failures, version, "REJECTED", failed.rejected());
            line(text, failures, version, "CANCELED", failed.cancelled());
            line(text, failures, version, "BACKEND", failed.backend());
            line(text, failures, version, "OTHER", failed.other());
        }
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /// @param reason empty for none
    private static void line(
            StringBuilder text, String name, Version version, String reason, long value) {
        text.append(name).append("{model=\"").append(escaped(version.model()));
        text.append("\",version=\"").append(escaped(version.version()));
        if (!reason.isEmpty()) {
            text.append("\",reason=\"").append(reason);
        }
        text.append("\"} ").append(value).append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static Family counter(String name, String help, ToLongFunction<Version> value) {
        return new Family(name, "counter", help, value);
    }

    private static Family micros(
            String name, String help, java.util.function.Function<Version, Total> total) {
        return counter(name, help, version -> total.apply(version).nanos() / 1000);
    }

    private record Family(String name, String type, String help, ToLongFunction<Version> value) {}
}
