package dev.tidemill.server.modelconfig;

import dev.tidemill.runtimes.spi.TensorSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A model's configuration with nothing left open, as Triton's `GET /v2/models/m/config` shows it:
/// what the file leaves out comes from the model.
public final class EffectiveConfig {
    private EffectiveConfig() {}

    /// Maps, lists, texts, numbers and booleans, to be written as JSON.
    ///
    /// @param inputs of the loaded model as clients see them, batch dimension included
    /// @param outputs as for inputs
    public static Map<String, Object> json(
            ModelConfig said, List<TensorSpec> inputs, List<TensorSpec> outputs) {
        ModelConfig config = complete(said, inputs, outputs, 1);
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
        json.put("default_model_filename", config.ensemble().isPresent() ? "" : "model.onnx");
        json.put("parameters", parameters(config.parameters()));
        json.put("model_warmup", config.warmUp().stream().map(EffectiveConfig::warmUp).toList());
        if (config.responseCache()) {
            json.put("response_cache", Map.of("enable", true));
        }
        return json;
    }

    /// The configuration with the gaps filled from the model.
    ///
    /// @param instances runs at a time where the configuration does not say
    public static ModelConfig complete(
            ModelConfig said, List<TensorSpec> inputs, List<TensorSpec> outputs, int instances) {
        int maxBatchSize =
                said.maxBatchSize().orElse(batches(inputs, outputs) ? DEFAULT_MAX_BATCH_SIZE : 0);
        boolean ensemble = said.ensemble().isPresent() || said.platform().equals("ensemble");
        Optional<DynamicBatching> batching =
                said.batchingSaid() || maxBatchSize == 0 || ensemble
                        ? said.batching()
                        : Optional.of(said.batching().orElse(DynamicBatching.DEFAULT));
        return new ModelConfig(
                said.name(),
                said.platform().isEmpty() ? "onnxruntime_onnx" : said.platform(),
                said.backend().isEmpty() && !ensemble ? "onnxruntime" : said.backend(),
                said.versions(),
                Optional.of(maxBatchSize),
                tensors(said.inputs(), inputs, maxBatchSize > 0),
                tensors(said.outputs(), outputs, maxBatchSize > 0),
                said.instances().isEmpty()
                        ? List.of(new InstanceGroup(instances, InstanceGroup.Kind.CPU, List.of()))
                        : said.instances(),
                batching,
                true,
                said.ensemble(),
                said.warmUp(),
                said.responseCache(),
                said.parameters());
    }

    /// Rows of a run where neither the file nor the model say.
    public static final int DEFAULT_MAX_BATCH_SIZE = 32;

    /// Whether every tensor's first dimension may have any size.
    public static boolean batches(List<TensorSpec> inputs, List<TensorSpec> outputs) {
        return !inputs.isEmpty()
                && inputs.stream().allMatch(EffectiveConfig::anyRows)
                && outputs.stream().allMatch(EffectiveConfig::anyRows);
    }

    private static boolean anyRows(TensorSpec tensor) {
        return !tensor.shape().isEmpty() && tensor.shape().getFirst() < 0;
    }

    private static List<TensorConfig> tensors(
            List<TensorConfig> said, List<TensorSpec> model, boolean batches) {
        Map<String, TensorConfig> byName = new LinkedHashMap<>();
        said.forEach(tensor -> byName.put(tensor.name(), tensor));
        List<TensorConfig> all = new ArrayList<>();
        for (TensorSpec spec : model) {
            TensorConfig written = byName.get(spec.name());
            all.add(
                    written != null
                            ? written
                            : new TensorConfig(
                                    spec.name(),
                                    spec.type(),
                                    batches && !spec.shape().isEmpty()
                                            ? spec.shape().subList(1, spec.shape().size())
                                            : spec.shape(),
                                    "",
                                    false));
        }
        return all;
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
        for (InstanceGroup group : config.instances()) {
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
