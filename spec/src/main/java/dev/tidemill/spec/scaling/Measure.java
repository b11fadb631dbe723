package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a metric, trigger or rule can be about, as files call it.
public enum Measure {
    CONCURRENCY("concurrency", Signal.IN_FLIGHT, Unit.TOTAL),
    REQUESTS("requests", Signal.ARRIVALS, Unit.TOTAL),
    WAITING("waiting", Signal.WAITING, Unit.TOTAL),
    QUEUE_DEPTH("queueDepth", Signal.QUEUE_DEPTH, Unit.TOTAL),
    LAG("lag", Signal.LAG, Unit.TOTAL),
    P99("p99", Signal.P99, Unit.SECONDS),
    CPU("cpu", Signal.CPU, Unit.SHARE),
    MEMORY("memory", Signal.MEMORY, Unit.SHARE),
    GPU("gpu", Signal.GPU, Unit.SHARE),
    KV_CACHE("kvCache", Signal.KV_CACHE, Unit.SHARE),
    PROMPT_TOKENS("promptTokens", Signal.PROMPT_TOKENS, Unit.TOTAL),
    OUTPUT_TOKENS("outputTokens", Signal.OUTPUT_TOKENS, Unit.TOTAL);

    /// How it relates to replicas.
    public enum Unit {
        /// A number over all replicas, of which each should have so many.
        TOTAL,
        /// A duration that all replicas share.
        SECONDS,
        /// A share of what a replica has.
        SHARE
    }

    /// Names that others give to what we measure, with how many of theirs one of ours is.
    private static final Map<String, Alias> ALIASES =
            Map.ofEntries(
                    Map.entry("requests_in_flight", new Alias(CONCURRENCY, 1)),
                    Map.entry("http_requests_in_flight", new Alias(CONCURRENCY, 1)),
                    Map.entry("tidemill_gateway_in_flight", new Alias(CONCURRENCY, 1)),
                    Map.entry("tidemill_server_in_flight", new Alias(CONCURRENCY, 1)),
                    Map.entry("http_requests_per_second", new Alias(REQUESTS, 1)),
                    Map.entry("requests_per_second", new Alias(REQUESTS, 1)),
                    Map.entry("http_requests_waiting", new Alias(WAITING, 1)),
                    Map.entry("requests_waiting", new Alias(WAITING, 1)),
                    Map.entry("tidemill_gateway_waiting", new Alias(WAITING, 1)),
                    Map.entry("vllm:num_requests_waiting", new Alias(WAITING, 1)),
                    Map.entry("queue_depth", new Alias(QUEUE_DEPTH, 1)),
                    Map.entry("kafka_consumer_group_lag", new Alias(LAG, 1)),
                    Map.entry("kafka_consumergroup_lag", new Alias(LAG, 1)),
                    Map.entry("request_latency_p99", new Alias(P99, 1)),
                    Map.entry("llm_response_time_p99", new Alias(P99, 1)),
                    Map.entry("ai_llm_response_time_p99_seconds", new Alias(P99, 1)),
                    Map.entry("DCGM_FI_DEV_GPU_UTIL", new Alias(GPU, 100)),
                    Map.entry("tidemill_gpu_utilization_ratio", new Alias(GPU, 1)),
                    Map.entry("vllm:kv_cache_usage_perc", new Alias(KV_CACHE, 1)),
                    Map.entry("vllm:gpu_cache_usage_perc", new Alias(KV_CACHE, 1)));

    /// A name for a measure.
    ///
    /// @param scale how many of it one of ours is: 100 for percent
    public record Alias(Measure measure, double scale) {}

    private final String word;
    private final Signal signal;
    private final Unit unit;

    Measure(String word, Signal signal, Unit unit) {
        this.word = word;
        this.signal = signal;
        this.unit = unit;
    }

    public String word() {
        return word;
    }

    public Signal signal() {
        return signal;
    }

    public Unit unit() {
        return unit;
    }

    static List<Map.Entry<String, Measure>> words() {
        return Arrays.stream(values()).map(each -> Map.entry(each.word, each)).toList();
    }

    static Optional<Alias> byMetricName(String name) {
        return Optional.ofNullable(ALIASES.get(name));
    }

    /// By our word for it, or by another's name.
    public static Optional<Alias> named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(name))
                .findFirst()
                .map(each -> new Alias(each, 1))
                .or(() -> byMetricName(name));
    }

    public static List<String> metricNames() {
        return ALIASES.keySet().stream().sorted().toList();
    }
}
