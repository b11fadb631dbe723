package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The models of this server, by name, with their versions. Loads, reloads and unloads them while
/// requests go on; one that cannot be loaded keeps its own requests from being answered, and
/// nothing else.
public final class ModelRepository implements AutoCloseable {
    private static final int MAX_NAMES = 10;

    private final ModelLoader loader;
    private final LoadThreads threads;
    private final NativeHeap heap = new NativeHeap();
    private final Changes changes;
    private final Start start;

    /// Replaced as a whole.
    private volatile Map<String, ModelEntry> entries = Map.of();

    /// Of models that are there from the start, each in one version.
    ///
    /// @throws IllegalArgumentException when two sources have one name
    public ModelRepository(List<ModelSource> sources, ModelLoader loader) {
        this(sources, RepositorySettings.NONE, loader, 1);
    }

    /// @param loads how many versions are loaded at a time
    public ModelRepository(
            List<ModelSource> sources, RepositorySettings settings, ModelLoader loader, int loads) {
        this.loader = loader;
        this.threads = new LoadThreads(loads);
        for (ModelSource source : sources) {
            if (entries.containsKey(source.name())) {
                throw new IllegalArgumentException(
                        "models.name: '%s' twice (expected: once)".formatted(source.name()));
            }
            entry(source.name()).announce();
        }
        Catalogue catalogue = new Catalogue(settings.folders());
        this.changes = new Changes(this, settings, catalogue);
        this.start = new Start(this, settings, sources, changes);
    }

    /// Loads what is to be served from the start, and returns when each has become ready or has
    /// failed.
    public void load() {
        start.run();
        changes.begin();
    }

    /// The version that clients get who name none: the newest that is ready.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`, or `UNAVAILABLE` with the reason
    public ModelLease acquire(String name) {
        while (true) {
            ModelEntry entry = known(name);
            Optional<ServedModel> newest = entry.view().usable();
            if (newest.isEmpty()) {
                throw notReady(entry);
            }
            if (newest.get().enter()) {
                return new ModelLease(newest.get());
            }
        }
    }

    /// As above, for one version.
    public ModelLease acquire(String name, String version) {
        while (true) {
            ModelEntry entry = known(name);
            ServedModel model = entry.view().ready().get(version);
            if (model == null || model.obstacle().isPresent()) {
                throw notReady(entry, version(name, version));
            }
            if (model.enter()) {
                return new ModelLease(model);
            }
        }
    }

    /// As above, for the version that a label names.
    public ModelLease acquireLabel(String name, String label) {
        Map<String, String> labels = known(name).view().labels();
        String version = labels.get(label);
        if (version == null) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model %s: label: '%s' (expected: %s)"
                            .formatted(
                                    name,
                                    label,
                                    labels.isEmpty()
                                            ? "no label, the model has none"
                                            : few(labels.keySet())));
        }
        return acquire(name, version);
    }

    /// The labels of a model with their versions.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public Map<String, String> labels(String name) {
        return known(name).view().labels();
    }

    /// The versions of a model, newest first; at least one, if only to say why there is none.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public List<VersionStatus> versions(String name) {
        return known(name).statuses();
    }

    /// The version that [#acquire] gives, or would if it were ready.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public VersionStatus usual(String name) {
        List<VersionStatus> all = versions(name);
        return all.stream().filter(VersionStatus::isReady).findFirst().orElse(all.getFirst());
    }

    /// One version, when it is known.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public VersionStatus version(String name, String version) {
        List<VersionStatus> all = versions(name);
        return all.stream()
                .filter(status -> status.version().equals(version))
                .findFirst()
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.MODEL_NOT_FOUND,
                                "model %s: version: '%s' (expected: %s)"
                                        .formatted(
                                                name,
                                                version,
                                                all.stream()
                                                        .map(VersionStatus::version)
                                                        .collect(Collectors.joining(", ")))));
    }

    /// Every version of every model, those that are there and not loaded included.
    public List<VersionStatus> index() {
        changes.discover();
        List<VersionStatus> all = new ArrayList<>();
        entries.values().forEach(entry -> all.addAll(entry.statuses()));
        return all;
    }

    /// The ready models in the order of the configuration, each in the version that [#acquire]
    /// gives. A glance: each may be closed any moment.
    public List<ServedModel> ready() {
        List<ServedModel> ready = new ArrayList<>();
        entries.values().forEach(entry -> entry.view().usable().ifPresent(ready::add));
        return ready;
    }

    /// Every version that answers.
    public List<ServedModel> answering() {
        List<ServedModel> answering = new ArrayList<>();
        entries.values().forEach(entry -> answering.addAll(entry.view().ready().values()));
        return answering;
    }

    /// Why the server cannot take requests yet; empty once it could, whatever is loaded or fails
    /// later.
    public Optional<String> obstacle() {
        return start.obstacle();
    }

    /// Loads a model, or loads it anew, and returns when it is ready.
    ///
    /// @param config JSON that goes before the model's `config.pbtxt`
    /// @param files of the model instead of those in the repository, by `file:1/model.onnx` and the
    ///   like; they need a configuration
    /// @throws TidemillException `MODEL_NOT_FOUND` when there is no such model, `INVALID_REQUEST`
    ///   when clients do not decide what is loaded or when it fails; what was served before is
    ///   served on
    public void load(String name, Optional<String> config, Map<String, byte[]> files) {
        changes.load(name, config, files);
    }

    /// Serves a model no more. Its memory goes with the last request that uses it.
    ///
    /// @param dependents whether the models that an ensemble consists of go with it
    /// @throws TidemillException `MODEL_NOT_FOUND`, `INVALID_REQUEST` when clients do not decide
    public void unload(String name, boolean dependents) {
        changes.unload(name, dependents);
    }

    /// Serves these models and no others, and returns when they are ready.
    ///
    /// @throws TidemillException `INVALID_REQUEST` when one cannot be served or a label names a
    ///   version that is not ready
    public void reconfigure(List<ModelSetting> settings) {
        changes.reconfigure(settings);
    }

    /// Whether clients decide what is loaded.
    public boolean isExplicit() {
        return changes.mode() == ControlMode.EXPLICIT;
    }

    /// Takes over what has changed on the disk and has settled.
    void look() {
        changes.poll().look();
    }

    /// Frees every model once nothing runs on it.
    @Override
    public void close() {
        changes.close();
        threads.close();
        entries.values().forEach(ModelEntry::close);
    }

    /// The entry of that name, made when there is none.
    synchronized ModelEntry entry(String name) {
        ModelEntry entry = entries.get(name);
        if (entry == null) {
            entry = new ModelEntry(name, loader, threads, heap, new StepModels(this));
            Map<String, ModelEntry> more = new LinkedHashMap<>(entries);
            more.put(name, entry);
            entries = more;
        }
        return entry;
    }

    /// What is known of a model; empty when there is none of that name.
    Optional<ModelView> loaded(String name) {
        return Optional.ofNullable(entries.get(name)).map(ModelEntry::view);
    }

    Collection<ModelEntry> entries() {
        return entries.values();
    }

    /// @throws TidemillException `MODEL_NOT_FOUND`
    ModelEntry known(String name) {
        ModelEntry entry = entries.get(name);
        if (entry == null) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: '%s' (expected: one of %s)".formatted(name, few(entries.keySet())));
        }
        return entry;
    }

    /// For messages.
    static String few(Collection<String> names) {
        String shown = names.stream().limit(MAX_NAMES).collect(Collectors.joining(", ", "[", "]"));
        return names.size() > MAX_NAMES ? shown + " and more" : shown;
    }

    private static TidemillException notReady(ModelEntry entry) {
        if (!entry.isWanted()) {
            return new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: '%s' is %s (expected: a model that is loaded)"
                            .formatted(entry.name(), entry.problem()));
        }
        return notReady(entry, entry.statuses().getFirst());
    }

    private static TidemillException notReady(ModelEntry entry, VersionStatus status) {
        String reason =
                switch (status.state()) {
                    case LOADING -> "loading";
                    case UNLOADING -> "unloading";
                    case READY, UNAVAILABLE -> status.reason();
                };
        return new TidemillException(
                ErrorCode.UNAVAILABLE, "model %s is not ready: %s".formatted(entry.name(), reason));
    }
}
