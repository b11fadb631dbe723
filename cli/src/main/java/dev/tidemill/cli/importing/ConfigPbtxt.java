package dev.tidemill.cli.importing;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.List;
import java.util.stream.Collectors;

/// The `config.pbtxt` of an imported model, for Tidemill's and Triton's model repositories.
final class ConfigPbtxt {
    /// The file with a class name a line.
    static final String LABELS = "labels.txt";

    private static final int MAX_BATCH = 32;

    private ConfigPbtxt() {}

    /// @param labelled the output that [#LABELS] names the columns of; empty when none does
    static String of(
            String name, List<TensorSpec> inputs, List<TensorSpec> outputs, String labelled) {
        StringBuilder text = new StringBuilder();
        text.append("name: \"%s\"\nplatform: \"onnxruntime_onnx\"\n".formatted(name));
        boolean batches = batches(inputs) && batches(outputs);
        // A tensor of one value a row has no dims without its batch, which the format cannot say
        // without reshaping: servers then find out by themselves.
        boolean sayable = !batches || (wide(inputs) && wide(outputs));
        if (sayable) {
            text.append("max_batch_size: %d\n".formatted(batches ? MAX_BATCH : 0));
            text.append(tensors("input", inputs, batches, ""));
            text.append(tensors("output", outputs, batches, labelled));
        }
        return text.toString();
    }

    private static boolean batches(List<TensorSpec> tensors) {
        return tensors.stream()
                .allMatch(tensor -> !tensor.shape().isEmpty() && tensor.shape().getFirst() == -1);
    }

    private static boolean wide(List<TensorSpec> tensors) {
        return tensors.stream().allMatch(tensor -> tensor.shape().size() > 1);
    }

    private static String tensors(
            String what, List<TensorSpec> specs, boolean batches, String labelled) {
        return specs.stream()
                .map(spec -> tensor(spec, batches, labelled))
                .collect(Collectors.joining(",\n", what + " [\n", "\n]\n"));
    }

    private static String tensor(TensorSpec spec, boolean batches, String labelled) {
        List<Long> dims = batches ? spec.shape().subList(1, spec.shape().size()) : spec.shape();
        String labels =
                !labelled.isEmpty() && spec.name().equals(labelled)
                        ? ", label_filename: \"%s\"".formatted(LABELS)
                        : "";
        return "  { name: \"%s\", data_type: %s, dims: [ %s ]%s }"
                .formatted(
                        spec.name(),
                        type(spec.type()),
                        dims.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        labels);
    }

    private static String type(DataType type) {
        return type == DataType.BYTES ? "TYPE_STRING" : "TYPE_" + type.name();
    }
}
