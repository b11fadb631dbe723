package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.StreamingModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.batching.BatchPlan;
import dev.tidemill.server.batching.BatchRecord;
import dev.tidemill.server.batching.BatchScheduler;
import dev.tidemill.server.batching.QueueTerms;
import dev.tidemill.server.batching.RecentBatches;
import dev.tidemill.server.cache.Question;
import dev.tidemill.server.cache.ResponseCache;
import dev.tidemill.server.metrics.ModelMeters;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.InstanceGroup;
import dev.tidemill.server.modelconfig.ModelConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// One version of a model as clients see it. A model with text features takes `text` instead of its
/// vectors; a classifier also gives `label`.
public final class ServedModel implements AutoCloseable {
    /// Runs slower than this leave the request's own thread.
    public static final Duration SLOW = Duration.ofMillis(2);

    /// Added to the users by close: negative means closed, this value means closed and unused.
    private static final int CLOSED = Integer.MIN_VALUE;

    private static final String ANY_NUMBER = "a request gets any number of answers";

    private final String name;
    private final String version;
    private final LoadedModel model;
    private final Optional<TextInput> textInput;
    private final Optional<LabelOutput> labelOutput;
    private final List<TensorSpec> outputs;
    private final Surroundings surroundings;
    private final ModelConfig config;
    private final Map<String, List<String>> labels;
    private final String batchingReason;
    private final RowShape rowShape;
    private final BatchScheduler scheduler;
    private final RecentBatches recent = new RecentBatches();
    private final List<String> inputNames;
    private final Set<String> outputNames;
    private final Optional<ResponseCache.Part> cache;

    /// How many requests hold it, and [#CLOSED] once it is to go.
    private final AtomicInteger users = new AtomicInteger();

    /// Requests at a time, by the parameter `max_in_flight`.
    private final Semaphore places;

    private volatile boolean slowAtFirst;

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
        this.name = description.name();
        this.version = description.version();
        this.model = model;
        this.ensemble =
                model instanceof EnsembleModel graph ? Optional.of(graph) : Optional.empty();
        this.textInput =
                manifest.features().map(features -> TextInput.of(features, model.inputs()));
        boolean labelled = !manifest.labels().isEmpty() && !manifest.scores().isEmpty();
        this.labelOutput =
                labelled
                        ? Optional.of(
                                LabelOutput.of(
                                        manifest.labels(), manifest.scores(), model.outputs()))
                        : Optional.empty();
        List<TensorSpec> all = new ArrayList<>(model.outputs());
        labelOutput.ifPresent(_ -> all.add(LabelOutput.SPEC));
        this.outputs = List.copyOf(all);
        this.outputNames =
                outputs.stream().map(TensorSpec::name).collect(Collectors.toUnmodifiableSet());
        this.labels =
                labelled ? Map.of(manifest.scores(), manifest.labels()) : description.labels();
        this.inputNames = model.inputs().stream().map(TensorSpec::name).toList();
        this.surroundings = surroundings;
        ModelConfig said = description.config();
        this.streaming = AnswerStream.of(model, said.decoupled(), labelled);
        Optional<String> obstacle = obstacle(said);
        this.config =
                ConfigFit.complete(
                        obstacle.isPresent() ? said.withMaxBatchSize(0) : said,
                        model.inputs(),
                        model.outputs(),
                        InstanceGroup.on(model.devices(), surroundings.threads().count()));
        int maxBatch = config.maxBatchSize().orElse(0);
        boolean joins = maxBatch > 0 && config.batching().isPresent() && streaming.isEmpty();
        this.batchingReason =
                joins
                        ? ""
                        : ensemble.map(_ -> "the models of its steps join requests")
                                .or(() -> streaming.map(_ -> ANY_NUMBER))
                                .or(() -> obstacle)
                                .orElse("the configuration does not ask for it");
        this.rowShape =
                RowShape.of(
                        maxBatch > 0,
                        model.inputs(),
                        said.maxBatchSize().isPresent() ? maxBatch : Integer.MAX_VALUE);
        this.scheduler = scheduler(joins ? maxBatch : 0);
        this.places = new Semaphore(ConfigFit.maxInFlight(said));
        // The models of an ensemble change without it: what it said once may be wrong now.
        this.cache =
                said.responseCache() && ensemble.isEmpty() && streaming.isEmpty()
                        ? surroundings.cache().map(shared -> shared.part(name, version))
                        : Optional.empty();
    }

    private BatchScheduler scheduler(int maxBatch) {
        DynamicBatching batching = config.batching().orElse(DynamicBatching.DEFAULT);
        BatchPlan plan =
                maxBatch > 0
                        ? new BatchPlan(
                                maxBatch, batching.preferredSizes(), batching.maxDelay().toNanos())
                        : new BatchPlan(1, List.of(), 0);
        return new BatchScheduler(
                plan,
                config.instances().stream().mapToInt(InstanceGroup::runs).sum(),
                batching,
                this::compute,
                run -> {
                    recent.add(run);
                    meters().ran(run);
                },
                surroundings.nanos());
    }

    private List<Tensor> compute(List<Tensor> inputs) {
        if (streaming.isPresent()) {
            return AnswerStream.runHere(streaming.get(), inputs);
        }
        return isSlow() ? surroundings.threads().run(() -> model.run(inputs)) : model.run(inputs);
    }

    /// By its kind, by its last runs, and before the first by its warm-up.
    private boolean isSlow() {
        if (model.isHeavy()) {
            return true;
        }
        long typical = scheduler.typicalRun();
        return typical == 0 ? slowAtFirst : typical > SLOW.toNanos();
    }

    private Optional<String> obstacle(ModelConfig said) {
        if (said.maxBatchSize().isPresent()) {
            return Optional.empty();
        }
        if (streaming.isPresent()) {
            return Optional.of(ANY_NUMBER);
        }
        return ConfigFit.mayBatch(model.inputs(), model.outputs())
                ? RowProbe.obstacle(model)
                : Optional.of("the first dimensions of the model are not all open");
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
        return config;
    }

    /// Class names of an output, by column; empty when it has none.
    public List<String> labels(String output) {
        return labels.getOrDefault(output, List.of());
    }

    /// Whether the first dimension of every tensor is a batch.
    public boolean batches() {
        return rowShape.batches();
    }

    /// Rows that a request may bring; `Integer.MAX_VALUE` when nobody has said.
    public int maxRows() {
        return rowShape.maxRows();
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
        return batchingReason;
    }

    /// Newest first.
    public List<BatchRecord> recentBatches() {
        return recent.list();
    }

    /// Requests that wait for a run.
    public int waiting() {
        return scheduler.waiting();
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
        return labels(scores()).stream()
                .map(label -> label.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /// The output with the scores of [#labels]; empty when it is no classifier, or has several.
    public String scores() {
        return labels.size() == 1 ? labels.keySet().iterator().next() : "";
    }

    /// What runs it, in Triton's words.
    public String platform() {
        if (!config.platform().isEmpty()) {
            return config.platform();
        }
        return config.backend().equals("onnxruntime") ? "onnxruntime_onnx" : config.backend();
    }

    public ModelMeters meters() {
        return surroundings.meters();
    }

    /// What its warm-up showed: its first run for a client leaves the request's thread.
    public void runsSlowly() {
        slowAtFirst = true;
    }

    /// Bytes that a run needs beside the inputs themselves, for admission.
    ///
    /// @throws TidemillException `INVALID_REQUEST` when the inputs of a model that needs many do
    ///   not fit it
    public long workingBytes(List<Tensor> inputs) {
        if (model.isHeavy()) {
            InputCheck.check(inputs(), inputs);
            return model.workingBytes(fed(inputs));
        }
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
        if (streaming.isPresent()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "model %s: 'decoupled' (expected: generate, generate_stream or ModelStreamInfer, because it answers any number of times)"
                            .formatted(name));
        }
        check(call);
        return cache.isPresent() ? remembered(cache.get(), call) : run(call).outputs();
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
        check(call);
        new AnswerStream(parameters, outputs -> answers.accept(chosen(outputs, call.wanted())))
                .through(() -> run(call));
    }

    /// Whether a request may get any number of answers.
    public boolean isDecoupled() {
        return streaming.isPresent();
    }

    private void check(InferenceCall call) {
        InputCheck.check(inputs(), call.inputs());
        call.wanted().forEach(this::requireOutput);
    }

    private List<Tensor> remembered(ResponseCache.Part part, InferenceCall call) {
        LongSupplier nanos = surroundings.nanos();
        long begin = nanos.getAsLong();
        Question question = part.question(call.inputs(), call.wanted());
        Optional<ResponseCache.Answer> found = part.find(question);
        long looked = nanos.getAsLong() - begin;
        if (found.isPresent()) {
            meters().cacheHit(found.get().rows(), looked);
            return found.get().outputs();
        }
        ResponseCache.Answer answer = run(call);
        long ran = nanos.getAsLong();
        part.add(question, answer);
        meters().cacheMiss(looked + nanos.getAsLong() - ran);
        return answer.outputs();
    }

    private ResponseCache.Answer run(InferenceCall call) {
        if (!places.tryAcquire()) {
            throw new TidemillException(
                    ErrorCode.OVERLOADED,
                    "model %s: '%d requests in flight' (expected: at most as many)"
                            .formatted(name, ConfigFit.maxInFlight(config)));
        }
        try {
            return admitted(call);
        } finally {
            places.release();
        }
    }

    private ResponseCache.Answer admitted(InferenceCall call) {
        List<Tensor> fed = fed(call.inputs());
        int rows = rowShape.rows(fed);
        if (ensemble.isPresent()) {
            return new ResponseCache.Answer(
                    chosen(steps(ensemble.get(), call, rows), call.wanted()), rows);
        }
        BatchScheduler.Share share = share(call, fed, rows);
        meters().waited(share.waited());
        return new ResponseCache.Answer(chosen(share.outputs(), call.wanted()), rows);
    }

    private BatchScheduler.Share share(InferenceCall call, List<Tensor> fed, int rows) {
        try {
            return scheduler.run(
                    fed,
                    rows,
                    rowShape.key(fed, rows),
                    new QueueTerms(call.priority(), call.queueTimeout(), call.nearest()));
        } catch (TidemillException e) {
            if (e.code() == ErrorCode.CANCELLED) {
                meters().abandoned();
            }
            throw e;
        }
    }

    /// Through no queue of its own, since its steps wait in theirs. The time of all of them counts
    /// as the time of a run.
    private List<Tensor> steps(EnsembleModel graph, InferenceCall call, int rows) {
        long begin = surroundings.nanos().getAsLong();
        List<Tensor> outputs = graph.run(call);
        long took = surroundings.nanos().getAsLong() - begin;
        meters().ran(
                        new BatchRecord(
                                begin, 1, rows, BatchPlan.Reason.NOTHING_ELSE, 0, 0, 0, took, 0));
        return outputs;
    }

    /// As [#infer], without counting: for warm-up and self-checks.
    public List<Tensor> rehearse(List<Tensor> inputs) {
        return rehearse(inputs, List.of());
    }

    /// As above, for the wanted outputs in the order asked for.
    List<Tensor> rehearse(List<Tensor> inputs, List<String> wanted) {
        InputCheck.check(inputs(), inputs);
        wanted.forEach(this::requireOutput);
        if (streaming.isPresent()) {
            streaming.get().run(fed(inputs), Map.of(), _ -> {});
            return List.of();
        }
        return chosen(model.run(fed(inputs)), wanted);
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
            free();
        }
    }

    /// Whether it is closed and the last request that held it has left.
    public boolean isReleased() {
        return users.get() == CLOSED;
    }

    /// Lets nobody in any more, and frees the model once nobody holds it.
    @Override
    public void close() {
        if (users.getAndUpdate(count -> count | CLOSED) == 0) {
            free();
        }
    }

    private void free() {
        cache.ifPresent(ResponseCache.Part::close);
        model.close();
    }

    /// In the model's own order, so that requests can be joined.
    private List<Tensor> fed(List<Tensor> inputs) {
        if (textInput.isPresent()) {
            return List.of(textInput.get().vectors((Tensor.Text) inputs.getFirst()));
        }
        if (inputs.size() == 1) {
            return inputs;
        }
        return choose(inputs, inputNames);
    }

    private List<Tensor> chosen(List<Tensor> all, List<String> wanted) {
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
