package dev.tidemill.server.engine;

import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.InstanceGroup;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.TensorConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Brings what a configuration says and what a model is together: checks the one against the other
/// and fills the gaps.
final class ConfigFit {
    /// Rows of a run where nobody has said how many: larger ones gain little on CPUs.
    static final int DEFAULT_MAX_BATCH = 32;

    private ConfigFit() {}

    /// Whether the shapes leave the first dimension to the caller everywhere.
    static boolean mayBatch(List<TensorSpec> inputs, List<TensorSpec> outputs) {
        return !inputs.isEmpty()
                && inputs.stream().allMatch(ConfigFit::isOpen)
                && outputs.stream().allMatch(ConfigFit::isOpen);
    }

    /// @param instances runs at a time where the configuration does not say
    /// @throws IllegalArgumentException when they do not fit together
    static ModelConfig complete(
            ModelConfig said,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            InstanceGroup instances) {
        boolean mayBatch = mayBatch(inputs, outputs);
        int maxBatch = said.maxBatchSize().orElse(mayBatch ? DEFAULT_MAX_BATCH : 0);
        if (maxBatch > 0 && !mayBatch) {
            throw new IllegalArgumentException(
                    "max_batch_size: '%d' (expected: 0, because the model's first dimensions are not all open: %s -> %s)"
                            .formatted(maxBatch, inputs, outputs));
        }
        boolean batches = maxBatch > 0;
        Optional<DynamicBatching> batching =
                batches && !said.batchingSaid()
                        ? Optional.of(DynamicBatching.DEFAULT)
                        : said.batching();
        return new ModelConfig(
                said.name(),
                said.platform().isEmpty() && said.backend().isEmpty()
                        ? "onnxruntime_onnx"
                        : said.platform(),
                said.backend().isEmpty() && said.ensemble().isEmpty()
                        ? "onnxruntime"
                        : said.backend(),
                said.versions(),
                Optional.of(maxBatch),
                tensors("input", said.inputs(), inputs, batches),
                tensors("output", said.outputs(), outputs, batches),
                said.instances().isEmpty() ? List.of(instances) : said.instances(),
                batching,
                said.batchingSaid(),
                said.ensemble(),
                said.warmUp(),
                said.responseCache(),
                said.decoupled(),
                said.parameters(),
                said.modelFile());
    }

    private static List<TensorConfig> tensors(
            String what, List<TensorConfig> said, List<TensorSpec> model, boolean batches) {
        for (TensorConfig tensor : said) {
            if (model.stream().noneMatch(spec -> spec.name().equals(tensor.name()))) {
                throw new IllegalArgumentException(
                        "%s: '%s' (expected: one of %s)"
                                .formatted(
                                        what,
                                        tensor.name(),
                                        model.stream().map(TensorSpec::name).toList()));
            }
        }
        List<TensorConfig> complete = new ArrayList<>();
        for (TensorSpec spec : model) {
            List<Long> shape =
                    batches ? spec.shape().subList(1, spec.shape().size()) : spec.shape();
            complete.add(
                    said.stream()
                            .filter(tensor -> tensor.name().equals(spec.name()))
                            .findFirst()
                            .map(tensor -> checked(what, tensor, spec, shape))
                            .orElseGet(() ->
                                    new TensorConfig(spec.name(), spec.type(), shape, "", false)));
        }
        return complete;
    }

    private static TensorConfig checked(
            String what, TensorConfig said, TensorSpec spec, List<Long> shape) {
        if (said.type() != spec.type()) {
            throw new IllegalArgumentException(
                    "%s %s: data_type: '%s' (expected: %s, as in the model)"
                            .formatted(what, spec.name(), said.type(), spec.type()));
        }
        boolean fits = said.shape().size() == shape.size();
        for (int i = 0; fits && i < shape.size(); i++) {
            long one = said.shape().get(i);
            long other = shape.get(i);
            fits = one < 0 || other < 0 || one == other;
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "%s %s: dims: '%s' (expected: %s; with max_batch_size above 0 the batch dimension is left out, with 0 it is written)"
                            .formatted(what, spec.name(), said.shape(), shape));
        }
        return said;
    }

    private static boolean isOpen(TensorSpec spec) {
        return !spec.shape().isEmpty() && spec.shape().getFirst() < 0;
    }

    /// Requests that a model takes at a time.
    ///
    /// @throws IllegalArgumentException when the parameter is no number of requests
    static int maxInFlight(ModelConfig config) {
        String said = config.parameters().getOrDefault("max_in_flight", "");
        if (said.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        try {
            int requests = Integer.parseInt(said);
            if (requests >= 1) {
                return requests;
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw new IllegalArgumentException(
                "parameters: max_in_flight: '%s' (expected: >= 1)".formatted(said));
    }
}
