package dev.tidemill.server.repository;

import dev.tidemill.common.TidemillException;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The models of this server, by name, with their versions. Loads, reloads and unloads them while
/// requests go on; one that cannot be loaded keeps its own requests from being answered, and
/// nothing else.
public final class ModelRepository implements AutoCloseable {
    private final LoadThreads threads;
    private final Entries entries;
    private final Leases leases;
    private final Changes changes;
    private final Start start;

    /// Of models that are there from the start, each in one version.
    ///
    /// @throws IllegalArgumentException when two sources have one name
    public ModelRepository(List<ModelSource> sources, ModelLoader loader) {
        this(sources, RepositorySettings.NONE, loader, 1);
    }

    /// @param loads how many versions are loaded at a time
    public ModelRepository(
            List<ModelSource> sources, RepositorySettings settings, ModelLoader loader, int loads) {
        this.threads = new LoadThreads(loads);
        this.entries = new Entries(loader, threads);
        this.leases = new Leases(entries);
        for (ModelSource source : sources) {
            if (entries.view(source.name()).isPresent()) {
                throw new IllegalArgumentException(
                        "models.name: '%s' twice (expected: once)".formatted(source.name()));
            }
            entries.get(source.name()).announce();
        }
        Catalogue catalogue = new Catalogue(settings.folders(), settings.named());
        this.changes = new Changes(entries, settings, catalogue);
        this.start = new Start(entries, settings, sources, changes);
        entries.starting(true);
    }

    /// Loads what is to be served from the start, and returns when each has become ready or has
    /// failed.
    public void load() {
        try {
            start.run();
        } finally {
            entries.starting(false);
        }
        changes.begin();
    }

    /// The version that clients get who name none: the newest that is ready.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`, or `UNAVAILABLE` with the reason
    public ModelLease acquire(String name) {
        return leases.acquire(name);
    }

    /// As above, for one version.
    public ModelLease acquire(String name, String version) {
        return leases.acquire(name, version);
    }

    /// As above, for the version that a label names.
    public ModelLease acquireLabel(String name, String label) {
        return leases.acquireLabel(name, label);
    }

    /// The labels of a model with their versions.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public Map<String, String> labels(String name) {
        return entries.known(name).view().labels();
    }

    /// The versions of a model, newest first; at least one, if only to say why there is none.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public List<VersionStatus> versions(String name) {
        return entries.known(name).report().versions();
    }

    /// The version that [#acquire] gives, or would if it were ready.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public VersionStatus usual(String name) {
        return entries.known(name).report().usual();
    }

    /// One version, when it is known.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public VersionStatus version(String name, String version) {
        return entries.known(name).report().version(version);
    }

    /// Every version of every model, those that are there and not loaded included.
    public List<VersionStatus> index() {
        changes.discover();
        List<VersionStatus> all = new ArrayList<>();
        entries.all().forEach(entry -> all.addAll(entry.report().versions()));
        return all;
    }

    /// The ready models in the order of the configuration, each in the version that [#acquire]
    /// gives. A glance: each may be closed any moment.
    public List<ServedModel> ready() {
        List<ServedModel> ready = new ArrayList<>();
        entries.all().forEach(entry -> entry.view().usable().ifPresent(ready::add));
        return ready;
    }

    /// Every version that answers.
    public List<ServedModel> answering() {
        List<ServedModel> answering = new ArrayList<>();
        entries.all().forEach(entry -> answering.addAll(entry.view().ready().values()));
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
        entries.all().forEach(ModelEntry::close);
    }
}
