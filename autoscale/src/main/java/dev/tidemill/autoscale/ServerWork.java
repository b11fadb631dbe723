package dev.tidemill.autoscale;

import java.util.EnumMap;
import java.util.Map;

/// What a model server counts of its requests, since its start or since another reading: ours, and
/// those that serve language models, by the names that they give the same things.
final class ServerWork {
    /// What can be read. Counts grow; of the others the present value is meant.
    enum Of {
        REQUESTS(true),
        REQUEST_SECONDS(true),
        QUEUE_SECONDS(true),
        PROMPT_TOKENS(true),
        OUTPUT_TOKENS(true),
        WAITING(false),
        SLOTS(false),
        GPU(false),
        KV_CACHE(false);

        private final boolean counts;

        Of(boolean counts) {
            this.counts = counts;
        }
    }

    static final ServerWork NONE = new ServerWork(0, new EnumMap<>(Of.class));

    private static final String[] SERVERS = {"tidemill_", "vllm:", "sglang:", "llamacpp:"};

    private static final Map<String, Of> NAMES =
            Map.ofEntries(
                    Map.entry("tidemill_server_request_seconds_count", Of.REQUESTS),
                    Map.entry("tidemill_server_request_seconds_sum", Of.REQUEST_SECONDS),
                    Map.entry("tidemill_server_queue_seconds_sum", Of.QUEUE_SECONDS),
                    Map.entry("tidemill_server_slots", Of.SLOTS),
                    Map.entry("tidemill_gpu_utilization_ratio", Of.GPU),
                    Map.entry("vllm:e2e_request_latency_seconds_count", Of.REQUESTS),
                    Map.entry("vllm:e2e_request_latency_seconds_sum", Of.REQUEST_SECONDS),
                    Map.entry("vllm:request_queue_time_seconds_sum", Of.QUEUE_SECONDS),
                    Map.entry("vllm:prompt_tokens_total", Of.PROMPT_TOKENS),
                    Map.entry("vllm:generation_tokens_total", Of.OUTPUT_TOKENS),
                    Map.entry("vllm:num_requests_waiting", Of.WAITING),
                    Map.entry("vllm:kv_cache_usage_perc", Of.KV_CACHE),
                    Map.entry("vllm:gpu_cache_usage_perc", Of.KV_CACHE),
                    Map.entry("sglang:e2e_request_latency_seconds_count", Of.REQUESTS),
                    Map.entry("sglang:e2e_request_latency_seconds_sum", Of.REQUEST_SECONDS),
                    Map.entry("sglang:queue_time_seconds_sum", Of.QUEUE_SECONDS),
                    Map.entry("sglang:prompt_tokens_total", Of.PROMPT_TOKENS),
                    Map.entry("sglang:generation_tokens_total", Of.OUTPUT_TOKENS),
                    Map.entry("sglang:num_queue_reqs", Of.WAITING),
                    Map.entry("sglang:token_usage", Of.KV_CACHE),
                    Map.entry("llamacpp:prompt_tokens_total", Of.PROMPT_TOKENS),
                    Map.entry("llamacpp:tokens_predicted_total", Of.OUTPUT_TOKENS),
                    Map.entry("llamacpp:requests_deferred", Of.WAITING),
                    Map.entry("llamacpp:kv_cache_usage_ratio", Of.KV_CACHE));

    private final long nanos;
    private final Map<Of, Double> values;

    private ServerWork(long nanos, Map<Of, Double> values) {
        this.nanos = nanos;
        this.values = values;
    }

    static ServerWork parse(String text, long atNanos) {
        Map<Of, Double> sums = new EnumMap<>(Of.class);
        Map<Of, Integer> series = new EnumMap<>(Of.class);
        for (String server : SERVERS) {
            PrometheusText.read(
                    text,
                    server,
                    (name, labels, value) -> {
                        Of of = NAMES.get(name);
                        // Requests that were refused occupied nothing.
                        if (of != null
                                && Double.isFinite(value)
                                && labels.getOrDefault("outcome", "ok").equals("ok")) {
                            // Models of one server share its processors.
                            sums.merge(of, value, of == Of.SLOTS ? Math::max : Double::sum);
                            series.merge(of, 1, Integer::sum);
                        }
                    });
        }
        // Shares of several GPUs or engines are means; what waits at them adds up.
        sums.replaceAll((of, sum) ->
                of == Of.GPU || of == Of.KV_CACHE ? sum / series.getOrDefault(of, 1) : sum);
        return new ServerWork(atNanos, sums);
    }

    /// Nothing when a count went back: the server is another one.
    ServerWork since(ServerWork before) {
        Map<Of, Double> grown = new EnumMap<>(Of.class);
        for (Map.Entry<Of, Double> each : values.entrySet()) {
            Of of = each.getKey();
            double was = of.counts ? before.values.getOrDefault(of, each.getValue()) : 0;
            if (each.getValue() < was) {
                return NONE;
            }
            grown.put(of, each.getValue() - was);
        }
        return new ServerWork(nanos - before.nanos, grown);
    }

    /// The time that it is about; 0 when nothing is known.
    double seconds() {
        return nanos / 1e9;
    }

    /// @return not-a-number when the server does not say
    double get(Of of) {
        return values.getOrDefault(of, Double.NaN);
    }
}
