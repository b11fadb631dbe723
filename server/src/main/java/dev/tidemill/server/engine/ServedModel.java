package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.metrics.ModelMeters;
import dev.tidemill.server.modelconfig.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// One version of a model as clients see it. A model with text features takes `text` instead of its
/// vectors; a classifier also gives `label`.
public final class ServedModel implements AutoCloseable {
    /// Added to the users by close: negative means closed, this value means closed and unused.
    private static final int CLOSED = Integer.MIN_VALUE;

    private final String name;
    private final String version;
    private final LoadedModel model;
    private final Optional<TextInput> textInput;
    private final Optional<LabelOutput> labelOutput;
    private final List<TensorSpec> outputs;
    private final Surroundings surroundings;
    private final ModelConfig config;
    private final Set<String> outputNames;

    /// How many requests hold it, and [#CLOSED] once it is to go.
    private final AtomicInteger users = new AtomicInteger();

    private volatile boolean slow;

    /// @param threads where the runs of a slow model go
    /// @param nanos monotonic clock
    public record Surroundings(ComputeThreads threads, ModelMeters meters, LongSupplier nanos) {}

    /// Takes over `model`: closes it when it is closed.
    ///
    /// @throws IllegalArgumentException when the manifest and the model do not fit together
    public ServedModel(
            String name,
            String version,
            ModelManifest manifest,
            LoadedModel model,
            ModelConfig config,
            Surroundings surroundings) {
        this.name = name;
        this.version = version;
        this.model = model;
        this.textInput =
                manifest.features().map(features -> TextInput.of(features, model.inputs()));
        this.labelOutput =
                manifest.labels().isEmpty() || manifest.scores().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                LabelOutput.of(
                                        manifest.labels(), manifest.scores(), model.outputs()));
        List<TensorSpec> all = new ArrayList<>(model.outputs());
        labelOutput.ifPresent(_ -> all.add(LabelOutput.SPEC));
        this.outputs = List.copyOf(all);
        this.outputNames =
                outputs.stream().map(TensorSpec::name).collect(Collectors.toUnmodifiableSet());
        this.config = config;
        this.surroundings = surroundings;
    }

    public String name() {
        return name;
    }

    public String version() {
        return version;
    }

    /// What was said about it, with the gaps filled from the model.
    public ModelConfig config() {
        return config;
    }

    public List<TensorSpec> inputs() {
        return textInput.isPresent() ? List.of(TextInput.SPEC) : model.inputs();
    }

    public List<TensorSpec> outputs() {
        return outputs;
    }

    public boolean takesText() {
        return textInput.isPresent();
    }

    public boolean givesLabels() {
        return labelOutput.isPresent();
    }

    /// Class names in UTF-8, by column of [#scores]; empty when it is no classifier.
    public List<byte[]> labels() {
        return labelOutput.map(LabelOutput::labels).orElse(List.of());
    }

    /// The output with the scores of [#labels]; empty when it is no classifier.
    public String scores() {
        return labelOutput.map(labels -> outputs.get(labels.scores()).name()).orElse("");
    }

    public ModelMeters meters() {
        return surroundings.meters();
    }

    /// Runs that take longer than a few milliseconds leave the request's thread from now on.
    public void runsSlowly() {
        slow = true;
    }

    /// Bytes that a run needs beside the inputs themselves, for admission.
    public long workingBytes(List<Tensor> inputs) {
        return textInput.isPresent()
                        && !inputs.isEmpty()
                        && inputs.getFirst() instanceof Tensor.Text texts
                ? textInput.get().bytes(texts.values().size())
                : 0;
    }

    /// @return the wanted outputs in the order asked for
    /// @throws TidemillException `INVALID_REQUEST` when the request does not fit the model,
    ///   `OVERLOADED`, `UNAVAILABLE` or `DEADLINE_EXCEEDED` when it waited too long, `MODEL_FAILED`
    ///   when the model breaks
    public List<Tensor> infer(InferenceCall call) {
        List<Tensor> inputs = call.inputs();
        List<String> wanted = call.wanted();
        InputCheck.check(inputs(), inputs);
        wanted.forEach(this::requireOutput);
        return slow
                ? surroundings.threads().run(() -> metered(inputs, wanted))
                : metered(inputs, wanted);
    }

    /// As [#infer], without counting: for warm-up and self-checks.
    public List<Tensor> rehearse(List<Tensor> inputs) {
        InputCheck.check(inputs(), inputs);
        return compute(inputs, List.of());
    }

    /// Holds it for a request.
    ///
    /// @return false when it is closed already
    public boolean enter() {
        return users.getAndUpdate(count -> count < 0 ? count : count + 1) >= 0;
    }

    /// Ends what a successful [#enter] began.
    public void leave() {
        if (users.decrementAndGet() == CLOSED) {
            model.close();
        }
    }

    /// Lets nobody in any more, and frees the model once nobody holds it.
    @Override
    public void close() {
        if (users.getAndUpdate(count -> count | CLOSED) == 0) {
            model.close();
        }
    }

    private List<Tensor> metered(List<Tensor> inputs, List<String> wanted) {
        long begin = surroundings.nanos().getAsLong();
        List<Tensor> outputs = compute(inputs, wanted);
        surroundings.meters().ran(rows(inputs), surroundings.nanos().getAsLong() - begin);
        return outputs;
    }

    private List<Tensor> compute(List<Tensor> inputs, List<String> wanted) {
        List<Tensor> fed =
                textInput.isPresent()
                        ? List.of(textInput.get().vectors((Tensor.Text) inputs.getFirst()))
                        : inputs;
        List<Tensor> all = model.run(fed);
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

    private static long rows(List<Tensor> inputs) {
        long[] shape = inputs.isEmpty() ? new long[0] : inputs.getFirst().shape();
        return shape.length == 0 ? 1 : shape[0];
    }
}
