package dev.tidemill.server.modelconfig;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// Compares what a configuration says of inputs and outputs with what the model has.
public final class ConfigCheck {
    private static final String WAY_OUT =
            "; leave max_batch_size and dims out, and both come from the model";

    private ConfigCheck() {}

    /// @throws TidemillException `INVALID_SPEC` at the first difference, with both shapes
    public static void check(
            ModelConfig config, List<TensorSpec> inputs, List<TensorSpec> outputs) {
        boolean batches = config.maxBatchSize().orElse(0) > 0;
        if (batches) {
            inputs.forEach(input -> requireBatch(config, "input", input));
            outputs.forEach(output -> requireBatch(config, "output", output));
        }
        boolean known = config.maxBatchSize().isPresent();
        boolean anyRows = known ? batches : EffectiveConfig.batches(inputs, outputs);
        config.inputs().forEach(tensor -> check("input", tensor, inputs, known, anyRows));
        config.outputs().forEach(tensor -> check("output", tensor, outputs, known, anyRows));
    }

    private static void requireBatch(ModelConfig config, String what, TensorSpec spec) {
        if (spec.shape().isEmpty() || spec.shape().getFirst() >= 0) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    "max_batch_size: '%d' (expected: 0, because the model's %s %s has the shape %s, whose first dimension takes no batches%s)"
                            .formatted(
                                    config.maxBatchSize().orElse(0),
                                    what,
                                    spec.name(),
                                    spec.shape(),
                                    WAY_OUT));
        }
    }

    /// @param known whether max_batch_size is said; otherwise dims may be with or without a batch
    private static void check(
            String what,
            TensorConfig tensor,
            List<TensorSpec> model,
            boolean known,
            boolean batches) {
        TensorSpec spec = find(what, tensor.name(), model);
        if (spec.type() != tensor.type()) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    "%s %s: data_type: '%s' (expected: %s, as in the model)"
                            .formatted(
                                    what,
                                    tensor.name(),
                                    TensorReaders.name(tensor.type()),
                                    TensorReaders.name(spec.type())));
        }
        List<Long> full = new ArrayList<>(tensor.shape());
        if (batches) {
            full.addFirst(-1L);
        }
        if (!fits(full, spec.shape()) && (known || !fits(tensor.shape(), spec.shape()))) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    "%s %s: dims: '%s'%s (expected: %s, as in the model%s)"
                            .formatted(
                                    what,
                                    tensor.name(),
                                    tensor.shape(),
                                    batches ? " and the batch before them, so " + full : "",
                                    batches
                                            ? spec.shape().subList(1, spec.shape().size())
                                            : spec.shape(),
                                    WAY_OUT));
        }
    }

    private static TensorSpec find(String what, String name, List<TensorSpec> model) {
        List<String> names = model.stream().map(TensorSpec::name).toList();
        for (TensorSpec spec : model) {
            if (spec.name().equals(name)) {
                return spec;
            }
        }
        throw new TidemillException(
                ErrorCode.INVALID_SPEC,
                "%s: '%s' (expected: %s, as in the model)"
                        .formatted(
                                what,
                                name,
                                Nearest.to(name, names).orElse(String.join(", ", names))));
    }

    private static boolean fits(List<Long> said, List<Long> model) {
        if (said.size() != model.size()) {
            return false;
        }
        for (int i = 0; i < said.size(); i++) {
            long a = said.get(i);
            long b = model.get(i);
            if (a >= 0 && b >= 0 && a != b) {
                return false;
            }
        }
        return true;
    }
}
