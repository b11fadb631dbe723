package dev.tidemill.server.modelconfig;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The configuration of a loaded model, which leaves nothing open, as Triton's `GET
/// /v2/models/m/config` shows it.
public final class EffectiveConfig {
    private EffectiveConfig() {}

    /// Maps, lists, texts, numbers and booleans, to be written as JSON.
    ///
    /// @param config of a loaded model
    public static Map<String, Object> json(ModelConfig config) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", config.name());
        json.put("platform", config.platform());
        json.put("backend", config.backend());
        json.put("version_policy", policy(config.versions()));
        json.put("max_batch_size", config.maxBatchSize().orElse(0));
        json.put("input", config.inputs().stream().map(EffectiveConfig::input).toList());
        json.put("output", config.outputs().stream().map(EffectiveConfig::output).toList());
        json.put("batch_input", List.of());
        json.put("batch_output", List.of());
        config.batching()
                .ifPresent(batching ->
                        json.put(
                                "dynamic_batching",
                                batching(batching, config.maxBatchSize().orElse(0))));
        config.ensemble().ifPresent(ensemble -> json.put("ensemble_scheduling", steps(ensemble)));
        if (config.ensemble().isEmpty()) {
            json.put("instance_group", instances(config));
        }
        json.put("default_model_filename", config.shownFile());
        json.put("parameters", parameters(config.parameters()));
        json.put("model_warmup", config.warmUp().stream().map(EffectiveConfig::warmUp).toList());
        if (config.decoupled()) {
            json.put("model_transaction_policy", Map.of("decoupled", true));
        }
        if (config.responseCache()) {
            json.put("response_cache", Map.of("enable", true));
        }
        return json;
    }

    private static Map<String, Object> input(TensorConfig tensor) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", tensor.name());
        json.put("data_type", TensorReaders.name(tensor.type()));
        json.put("format", "FORMAT_NONE");
        json.put("dims", tensor.shape());
        json.put("is_shape_tensor", false);
        json.put("allow_ragged_batch", false);
        json.put("optional", tensor.optional());
        json.put("is_non_linear_format_io", false);
        return json;
    }

    private static Map<String, Object> output(TensorConfig tensor) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", tensor.name());
        json.put("data_type", TensorReaders.name(tensor.type()));
        json.put("dims", tensor.shape());
        json.put("label_filename", tensor.labelFile());
        json.put("is_shape_tensor", false);
        json.put("is_non_linear_format_io", false);
        return json;
    }

    private static Map<String, Object> policy(VersionPolicy policy) {
        return switch (policy) {
            case VersionPolicy.Latest(int count) -> Map.of("latest", Map.of("num_versions", count));
            case VersionPolicy.All _ -> Map.of("all", Map.of());
            case VersionPolicy.Specific(var versions) ->
                    Map.of("specific", Map.of("versions", versions));
        };
    }

    private static Map<String, Object> batching(DynamicBatching batching, int maxBatchSize) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(
                "preferred_batch_size",
                batching.preferredSizes().isEmpty()
                        ? List.of(maxBatchSize)
                        : batching.preferredSizes());
        json.put("max_queue_delay_microseconds", micros(batching.maxDelay()));
        json.put("preserve_ordering", batching.preserveOrder());
        json.put("priority_levels", batching.priorityLevels());
        json.put("default_priority_level", batching.defaultPriority());
        if (!batching.defaultPolicy().equals(QueuePolicy.DEFAULT)) {
            json.put("default_queue_policy", queue(batching.defaultPolicy()));
        }
        Map<String, Object> policies = new LinkedHashMap<>();
        batching.policies().forEach((level, queue) -> policies.put(level.toString(), queue(queue)));
        json.put("priority_queue_policy", policies);
        return json;
    }

    private static Map<String, Object> queue(QueuePolicy policy) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("timeout_action", policy.onTimeout().name());
        json.put("default_timeout_microseconds", micros(policy.timeout()));
        json.put("allow_timeout_override", policy.allowOverride());
        json.put("max_queue_size", policy.maxRequests());
        return json;
    }

    private static Map<String, Object> steps(Ensemble ensemble) {
        List<Object> steps = new ArrayList<>();
        for (Ensemble.Step step : ensemble.steps()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("model_name", step.model());
            json.put("model_version", step.version());
            json.put("input_map", step.inputs());
            json.put("output_map", step.outputs());
            steps.add(json);
        }
        return Map.of("step", steps);
    }

    private static List<Object> instances(ModelConfig config) {
        List<Object> groups = new ArrayList<>();
        List<InstanceGroup> said =
                config.instances().isEmpty()
                        ? List.of(new InstanceGroup(1, InstanceGroup.Kind.CPU, List.of()))
                        : config.instances();
        for (InstanceGroup group : said) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", config.name() + (groups.isEmpty() ? "" : "_" + groups.size()));
            json.put("kind", "KIND_" + group.kind());
            json.put("count", group.count());
            json.put("gpus", group.devices());
            groups.add(json);
        }
        return groups;
    }

    private static Map<String, Object> parameters(Map<String, String> parameters) {
        Map<String, Object> json = new LinkedHashMap<>();
        parameters.forEach((key, value) -> json.put(key, Map.of("string_value", value)));
        return json;
    }

    private static Map<String, Object> warmUp(WarmUpRequest request) {
        Map<String, Object> inputs = new LinkedHashMap<>();
        request.inputs().forEach((name, input) -> inputs.put(name, warmUpInput(input)));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", request.name());
        json.put("batch_size", request.batchSize());
        json.put("count", request.count());
        json.put("inputs", inputs);
        return json;
    }

    private static Map<String, Object> warmUpInput(WarmUpRequest.Input input) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("data_type", TensorReaders.name(input.type()));
        json.put("dims", input.shape());
        switch (input.fill()) {
            case ZERO -> json.put("zero_data", true);
            case RANDOM -> json.put("random_data", true);
            case FILE -> json.put("input_data_file", input.dataFile());
        }
        return json;
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }
}
