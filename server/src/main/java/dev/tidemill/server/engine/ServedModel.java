package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.StreamingModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.runtimes.spi.UseCount;
import dev.tidemill.server.batching.BatchRecord;
import dev.tidemill.server.cache.ResponseCache;
import dev.tidemill.server.metrics.ModelMeters;
import dev.tidemill.server.modelconfig.ModelConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// One version of a model as clients see it. A model with text features takes `text` instead of its
/// vectors; a classifier also gives `label`.
public final class ServedModel implements AutoCloseable {
    /// Runs slower than this leave the request's own thread.
    public static final Duration SLOW = Duration.ofMillis(2);

    private final String name;
    private final String version;
    private final LoadedModel model;
    private final ClientTensors tensors;
    private final ClassLabels labels;
    private final BatchingChoice batching;
    private final Execution execution;
    private final InFlightLimit limit;
    private final ModelMeters meters;
    private final Optional<RememberedAnswers> cache;
    private final UseCount users = new UseCount(this::free);

    /// When the steps of a graph answer, and not a model.
    private final Optional<EnsembleModel> ensemble;

    /// When it answers any number of times.
    private final Optional<StreamingModel> streaming;

    /// @param threads where the runs of a slow model go
    /// @param nanos monotonic clock
    /// @param cache for answers of models that ask for it; empty when the server has none
    public record Surroundings(
            ComputeThreads threads,
            ModelMeters meters,
            LongSupplier nanos,
            Optional<ResponseCache> cache) {
        /// Without a cache.
        public Surroundings(ComputeThreads threads, ModelMeters meters, LongSupplier nanos) {
            this(threads, meters, nanos, Optional.empty());
        }
    }

    /// What is known of a version before it is loaded.
    ///
    /// @param labels class names by output
    public record Description(
            String name,
            String version,
            ModelManifest manifest,
            ModelConfig config,
            Map<String, List<String>> labels) {
        public Description {
            labels = Map.copyOf(labels);
        }

        /// With nothing said about how to serve it.
        public static Description plain(String name, String version, ModelManifest manifest) {
            return new Description(name, version, manifest, ModelConfig.inferred(name), Map.of());
        }
    }

    /// Takes over `model`: closes it when it is closed. Runs it a few times to find out whether it
    /// may batch, unless the configuration says so.
    ///
    /// @throws IllegalArgumentException when manifest, configuration and model do not fit together
    public ServedModel(Description description, LoadedModel model, Surroundings surroundings) {
        ModelManifest manifest = description.manifest();
        ModelConfig said = description.config();
        this.name = description.name();
        this.version = description.version();
        this.model = model;
        this.meters = surroundings.meters();
        this.ensemble =
                model instanceof EnsembleModel graph ? Optional.of(graph) : Optional.empty();
        this.streaming = AnswerStream.of(model, said.decoupled(), !manifest.labels().isEmpty());
        this.tensors = ClientTensors.of(manifest, model.inputs(), model.outputs());
        this.labels =
                new ClassLabels(
                        tensors.givesLabels()
                                ? Map.of(manifest.scores(), manifest.labels())
                                : description.labels());
        this.batching = BatchingChoice.of(said, model, surroundings.threads().count());
        this.execution =
                model instanceof EnsembleModel graph
                        ? new GraphExecution(graph, meters, surroundings.nanos())
                        : new QueuedExecution(model, streaming, batching, surroundings);
        this.limit = new InFlightLimit(name, ConfigFit.maxInFlight(said));
        // The models of an ensemble change without it: what it said once may be wrong now.
        this.cache =
                said.responseCache() && ensemble.isEmpty() && streaming.isEmpty()
                        ? surroundings.cache().map(shared -> remembered(shared, surroundings))
                        : Optional.empty();
    }

    private RememberedAnswers remembered(ResponseCache shared, Surroundings surroundings) {
        return new RememberedAnswers(
                shared.part(name, version), this::run, meters, surroundings.nanos());
    }

    public String name() {
        return name;
    }

    public String version() {
        return version;
    }

    /// As [LoadedModel#devices].
    public List<String> devices() {
        return model.devices();
    }

    /// What was said about it, with the gaps filled from the model.
    public ModelConfig config() {
        return batching.config();
    }

    /// Class names of an output, by column; empty when it has none.
    public List<String> labels(String output) {
        return labels.of(output);
    }

    /// Whether the first dimension of every tensor is a batch.
    public boolean batches() {
        return batching.rows().batches();
    }

    /// Rows that a request may bring; `Integer.MAX_VALUE` when nobody has said.
    public int maxRows() {
        return batching.rows().maxRows();
    }

    /// Whether it is a graph of other models.
    public boolean isEnsemble() {
        return ensemble.isPresent();
    }

    /// Why it cannot answer just now although it is loaded: an ensemble that misses a model. Empty
    /// when it can.
    public Optional<String> obstacle() {
        return ensemble.flatMap(EnsembleModel::obstacle);
    }

    /// Why requests are not joined; empty when they are.
    public String whyNoBatching() {
        return batching.whyNot();
    }

    /// Newest first.
    public List<BatchRecord> recentBatches() {
        return execution.recent();
    }

    /// Requests that wait for a run.
    public int waiting() {
        return execution.waiting();
    }

    public List<TensorSpec> inputs() {
        return tensors.inputs();
    }

    public List<TensorSpec> outputs() {
        return tensors.outputs();
    }

    public boolean takesText() {
        return tensors.takesText();
    }

    public boolean givesLabels() {
        return tensors.givesLabels();
    }

    /// Class names in UTF-8, by column of [#scores]; empty when it is no classifier.
    public List<byte[]> labels() {
        return labels.utf8();
    }

    /// The output with the scores of [#labels]; empty when it is no classifier, or has several.
    public String scores() {
        return labels.scores();
    }

    /// What runs it, in Triton's words.
    public String platform() {
        ModelConfig config = config();
        if (!config.platform().isEmpty()) {
            return config.platform();
        }
        return config.backend().equals("onnxruntime") ? "onnxruntime_onnx" : config.backend();
    }

    public ModelMeters meters() {
        return meters;
    }

    /// What its warm-up showed: its first run for a client leaves the request's thread.
    public void runsSlowly() {
        execution.runsSlowly();
    }

    /// Bytes that a run needs beside the inputs themselves, for admission.
    ///
    /// @throws TidemillException `INVALID_REQUEST` when the inputs of a model that needs many do
    ///   not fit it
    public long workingBytes(List<Tensor> inputs) {
        if (model.isWeighed()) {
            tensors.check(inputs, List.of());
            return model.workingBytes(tensors.fed(inputs));
        }
        return tensors.bytes(inputs);
    }

    /// @return the wanted outputs in the order asked for
    /// @throws TidemillException `INVALID_REQUEST` when the request does not fit the model,
    ///   `OVERLOADED`, `UNAVAILABLE` or `DEADLINE_EXCEEDED` when it waited too long, `MODEL_FAILED`
    ///   when the model breaks
    public List<Tensor> infer(InferenceCall call) {
        return Span.current().isRecorded()
                ? InferTrace.during(this, () -> answer(call))
                : answer(call);
    }

    private List<Tensor> answer(InferenceCall call) {
        if (streaming.isPresent()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "model %s: 'decoupled' (expected: generate, generate_stream or ModelStreamInfer, because it answers any number of times)"
                            .formatted(name));
        }
        tensors.check(call.inputs(), call.wanted());
        return cache.isPresent() ? cache.get().answer(call) : run(call).outputs();
    }

    /// As [#infer], for models that answer any number of times too: gives each answer when it is
    /// there.
    ///
    /// @param parameters of the request, for models that answer any number of times
    /// @param answers on the caller's thread
    public void stream(
            InferenceCall call, Map<String, Object> parameters, Consumer<List<Tensor>> answers) {
        if (streaming.isEmpty()) {
            answers.accept(infer(call));
            return;
        }
        tensors.check(call.inputs(), call.wanted());
        new AnswerStream(
                        parameters,
                        outputs -> answers.accept(tensors.chosen(outputs, call.wanted())))
                .through(() -> run(call));
    }

    /// Whether a request may get any number of answers.
    public boolean isDecoupled() {
        return streaming.isPresent();
    }

    private ResponseCache.Answer run(InferenceCall call) {
        limit.enter();
        try {
            List<Tensor> fed = tensors.fed(call.inputs());
            int rows = batching.rows().rows(fed);
            List<Tensor> outputs = execution.run(call, fed, rows);
            return new ResponseCache.Answer(
                    streaming.isPresent() ? outputs : tensors.chosen(outputs, call.wanted()), rows);
        } finally {
            limit.leave();
        }
    }

    /// As [#infer], without counting: for warm-up and self-checks.
    public List<Tensor> rehearse(List<Tensor> inputs) {
        return rehearse(inputs, List.of());
    }

    /// As above, for the wanted outputs in the order asked for.
    List<Tensor> rehearse(List<Tensor> inputs, List<String> wanted) {
        tensors.check(inputs, wanted);
        if (streaming.isPresent()) {
            streaming.get().run(tensors.fed(inputs), Map.of(), _ -> {});
            return List.of();
        }
        return tensors.chosen(model.run(tensors.fed(inputs)), wanted);
    }

    /// Holds it for a request.
    ///
    /// @return false when it is closed already
    public boolean enter() {
        return users.enter();
    }

    /// Ends what a successful [#enter] began.
    public void leave() {
        users.leave();
    }

    /// Whether it is closed and the last request that held it has left.
    public boolean isReleased() {
        return users.isReleased();
    }

    /// Lets nobody in any more, and frees the model once nobody holds it.
    @Override
    public void close() {
        users.close();
    }

    private void free() {
        cache.map(RememberedAnswers::part).ifPresent(ResponseCache.Part::close);
        model.close();
        meters().close();
    }
}
