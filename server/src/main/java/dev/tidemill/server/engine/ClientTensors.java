package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A model's tensors as clients see them, and the way from those to the model's own and back: text
/// becomes vectors, scores get labels, and every client has its own order.
final class ClientTensors {
    private final Optional<TextInput> textInput;
    private final Optional<LabelOutput> labelOutput;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final List<String> fedNames;
    private final Set<String> outputNames;

    private ClientTensors(
            Optional<TextInput> textInput,
            Optional<LabelOutput> labelOutput,
            List<TensorSpec> fed,
            List<TensorSpec> given) {
        this.textInput = textInput;
        this.labelOutput = labelOutput;
        this.inputs = textInput.isPresent() ? List.of(TextInput.SPEC) : fed;
        this.fedNames = fed.stream().map(TensorSpec::name).toList();
        List<TensorSpec> all = new ArrayList<>(given);
        labelOutput.ifPresent(_ -> all.add(LabelOutput.SPEC));
        this.outputs = List.copyOf(all);
        this.outputNames =
                outputs.stream().map(TensorSpec::name).collect(Collectors.toUnmodifiableSet());
    }

    /// @param fed the model's own inputs
    /// @param given the model's own outputs
    /// @throws IllegalArgumentException when the manifest does not fit them
    static ClientTensors of(ModelManifest manifest, List<TensorSpec> fed, List<TensorSpec> given) {
        return new ClientTensors(
                manifest.features().map(features -> TextInput.of(features, fed)),
                hasLabels(manifest)
                        ? Optional.of(LabelOutput.of(manifest.labels(), manifest.scores(), given))
                        : Optional.empty(),
                fed,
                given);
    }

    /// Whether a manifest makes a classifier of its model.
    static boolean hasLabels(ModelManifest manifest) {
        return !manifest.labels().isEmpty() && !manifest.scores().isEmpty();
    }

    List<TensorSpec> inputs() {
        return inputs;
    }

    List<TensorSpec> outputs() {
        return outputs;
    }

    boolean takesText() {
        return textInput.isPresent();
    }

    boolean givesLabels() {
        return labelOutput.isPresent();
    }

    /// @param wanted names of outputs
    /// @throws TidemillException `INVALID_REQUEST` at the first thing that does not fit
    void check(List<Tensor> sent, List<String> wanted) {
        InputCheck.check(inputs, sent);
        wanted.forEach(this::requireOutput);
    }

    /// What the model is fed, in its own order, so that requests can be joined.
    ///
    /// @param sent that [#check] has passed
    List<Tensor> fed(List<Tensor> sent) {
        if (textInput.isPresent()) {
            return List.of(textInput.get().vectors((Tensor.Text) sent.getFirst()));
        }
        if (sent.size() == 1) {
            return sent;
        }
        return choose(sent, fedNames);
    }

    /// Bytes that feeding takes beside what was sent.
    long bytes(List<Tensor> sent) {
        return textInput.isPresent()
                        && !sent.isEmpty()
                        && sent.getFirst() instanceof Tensor.Text texts
                ? textInput.get().bytes(texts.values().size())
                : 0;
    }

    /// What a client gets.
    ///
    /// @param all outputs of the model
    /// @param wanted in the order asked for; empty for all
    List<Tensor> chosen(List<Tensor> all, List<String> wanted) {
        if (wanted.isEmpty() && labelOutput.isEmpty()) {
            return all;
        }
        List<Tensor> chosen = wanted.isEmpty() ? new ArrayList<>(all) : choose(all, wanted);
        if (labelOutput.isPresent() && (wanted.isEmpty() || wanted.contains(LabelOutput.NAME))) {
            chosen.add(
                    wanted.isEmpty() ? chosen.size() : wanted.indexOf(LabelOutput.NAME),
                    labelOutput.get().of(all));
        }
        return chosen;
    }

    private static List<Tensor> choose(List<Tensor> all, List<String> wanted) {
        List<Tensor> chosen = new ArrayList<>(wanted.size());
        for (String name : wanted) {
            for (Tensor tensor : all) {
                if (tensor.name().equals(name)) {
                    chosen.add(tensor);
                }
            }
        }
        return chosen;
    }

    private void requireOutput(String wanted) {
        if (!outputNames.contains(wanted)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "outputs: '%s' (expected: %s)"
                            .formatted(
                                    wanted,
                                    String.join(
                                            ", ",
                                            outputs.stream().map(TensorSpec::name).toList())));
        }
    }
}
