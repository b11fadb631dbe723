package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.engine.ServedModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The models of this server, by name. One that cannot be loaded keeps the server from being ready
/// and its own requests from being answered, and nothing else.
public final class ModelRepository implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ModelRepository.class.getName());

    private final List<ModelSource> sources;
    private final ModelLoader loader;
    private final Map<String, ModelState> states;

    /// @throws IllegalArgumentException when two sources have one name
    public ModelRepository(List<ModelSource> sources, ModelLoader loader) {
        this.sources = List.copyOf(sources);
        this.loader = loader;
        Map<String, ModelState> initial = new LinkedHashMap<>();
        for (ModelSource source : sources) {
            if (initial.put(source.name(), new ModelState.Loading()) != null) {
                throw new IllegalArgumentException(
                        "models.name: '%s' twice (expected: once)".formatted(source.name()));
            }
        }
        this.states = Collections.synchronizedMap(initial);
    }

    /// Loads every model, one after the other, and returns when each is ready or has failed.
    public void load() {
        for (ModelSource source : sources) {
            ModelState state = loader.load(source);
            if (state instanceof ModelState.Failed(String reason)) {
                LOGGER.log(
                        System.Logger.Level.ERROR,
                        "model " + source.name() + " version " + source.version() + ": " + reason);
            }
            states.put(source.name(), state);
        }
    }

    /// The version that clients get who name none.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`, or `UNAVAILABLE` with the reason
    public ModelLease acquire(String name) {
        while (true) {
            ServedModel model =
                    switch (stateOf(name)) {
                        case ModelState.Ready(ServedModel ready) -> ready;
                        case ModelState.Loading _ -> throw unavailable(name, "loading");
                        case ModelState.Failed(String reason) -> throw unavailable(name, reason);
                    };
            if (model.enter()) {
                return new ModelLease(model);
            }
        }
    }

    /// As above, for one version.
    public ModelLease acquire(String name, String version) {
        requireVersion(name, version);
        return acquire(name);
    }

    /// As above, for the version that a label names.
    public ModelLease acquireLabel(String name, String label) {
        stateOf(name);
        throw new TidemillException(
                ErrorCode.MODEL_NOT_FOUND,
                "model %s: label: '%s' (expected: a label of the model)".formatted(name, label));
    }

    /// The versions of a model, newest first.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public List<VersionStatus> versions(String name) {
        stateOf(name);
        return index().stream().filter(status -> status.model().equals(name)).toList();
    }

    /// As above, when it is known.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public VersionStatus version(String name, String version) {
        requireVersion(name, version);
        return versions(name).getFirst();
    }

    /// Every version of every model.
    public List<VersionStatus> index() {
        List<VersionStatus> all = new ArrayList<>();
        for (ModelSource source : sources) {
            all.add(status(source));
        }
        return all;
    }

    private VersionStatus status(ModelSource source) {
        return switch (stateOf(source.name())) {
            case ModelState.Ready _ -> status(source, VersionStatus.State.READY, "");
            case ModelState.Loading _ -> status(source, VersionStatus.State.LOADING, "");
            case ModelState.Failed(String reason) ->
                    status(source, VersionStatus.State.UNAVAILABLE, reason);
        };
    }

    private static VersionStatus status(
            ModelSource source, VersionStatus.State state, String reason) {
        return new VersionStatus(source.name(), source.version(), state, reason);
    }

    private ModelState stateOf(String name) {
        ModelState state = states.get(name);
        if (state == null) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: '%s' (expected: one of %s)".formatted(name, names()));
        }
        return state;
    }

    /// The ready models in the order of the configuration. A glance: each may be closed any moment.
    public List<ServedModel> ready() {
        List<ServedModel> ready = new ArrayList<>();
        for (ModelSource source : sources) {
            if (states.get(source.name()) instanceof ModelState.Ready(ServedModel model)) {
                ready.add(model);
            }
        }
        return ready;
    }

    /// Why not every model is ready; empty when each is.
    public Optional<String> obstacle() {
        for (ModelSource source : sources) {
            switch (stateOf(source.name())) {
                case ModelState.Ready _ -> {}
                case ModelState.Loading _ -> {
                    return Optional.of("model " + source.name() + ": loading");
                }
                case ModelState.Failed(String reason) -> {
                    return Optional.of("model " + source.name() + ": " + reason);
                }
            }
        }
        return Optional.empty();
    }

    /// Frees every model once nothing runs on it.
    @Override
    public void close() {
        ready().forEach(ServedModel::close);
    }

    private void requireVersion(String name, String version) {
        stateOf(name);
        for (ModelSource source : sources) {
            if (source.name().equals(name) && !source.version().equals(version)) {
                throw new TidemillException(
                        ErrorCode.MODEL_NOT_FOUND,
                        "model %s: version: '%s' (expected: %s)"
                                .formatted(name, version, source.version()));
            }
        }
    }

    private List<String> names() {
        return sources.stream().map(ModelSource::name).toList();
    }

    private static TidemillException unavailable(String name, String reason) {
        return new TidemillException(
                ErrorCode.UNAVAILABLE, "model %s is not ready: %s".formatted(name, reason));
    }
}
