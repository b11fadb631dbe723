package dev.tidemill.server.repository;

import dev.tidemill.common.TidemillException;
import dev.tidemill.server.engine.ModelDirectory;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.VersionPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The versions of one model, and the way from those that are served to those that should be.
///
/// A change loads first and unloads last, so that there is always something to answer with; where a
/// new version fails, an old one stays. Changes of one model come one after the other; requests
/// never wait for them.
final class ModelEntry {
    private static final System.Logger LOGGER = System.getLogger(ModelRepository.class.getName());

    private final String name;
    private final ModelLoader loader;
    private final LoadThreads threads;
    private final ModelDirectory directory;

    /// Held while versions change, which can take long.
    private final ReentrantLock changing = new ReentrantLock(true);

    private final TreeMap<String, VersionSlot> slots = new TreeMap<>(VersionFiles.NEWEST_FIRST);
    private Map<String, String> labels = Map.of();
    private boolean closed;

    private final Retired retired;
    private volatile ModelView view = ModelView.EMPTY;

    /// Why the last change of the model as a whole came to nothing; or why there is no version.
    private volatile String problem = "not loaded";

    /// Whether it is to be served.
    private volatile boolean wanted;

    /// @param directory of the models that an ensemble is made of
    ModelEntry(
            String name,
            ModelLoader loader,
            LoadThreads threads,
            NativeHeap heap,
            ModelDirectory directory) {
        this.directory = directory;
        this.retired = new Retired(heap);
        this.name = name;
        this.loader = loader;
        this.threads = threads;
    }

    String name() {
        return name;
    }

    ModelView view() {
        return view;
    }

    String problem() {
        return problem;
    }

    boolean isWanted() {
        return wanted;
    }

    /// Before a change begins, so that nobody takes it for an unknown one meanwhile.
    void announce() {
        wanted = true;
        if (view.statuses().isEmpty()) {
            problem = "loading";
        }
    }

    /// Every version that is known, newest first, and those that go as soon as nobody uses them.
    List<VersionStatus> statuses() {
        List<VersionStatus> all = new ArrayList<>();
        String general = problem;
        ModelView now = view;
        for (VersionStatus loaded : now.statuses()) {
            VersionStatus status = now.today(loaded);
            all.add(status.reason().isEmpty() ? status.because(general) : status);
        }
        for (String version : retired.inUse()) {
            if (all.stream().noneMatch(status -> status.version().equals(version))) {
                all.add(
                        new VersionStatus(
                                name, version, VersionStatus.State.UNLOADING, "in use still"));
            }
        }
        if (all.isEmpty()) {
            boolean loading = wanted && problem.equals("loading");
            all.add(
                    new VersionStatus(
                            name,
                            "",
                            loading ? VersionStatus.State.LOADING : VersionStatus.State.UNAVAILABLE,
                            problem));
        }
        return all;
    }

    /// Brings what is served to what was found.
    ///
    /// @param scan looks at the disk, once no other change of this model is under way
    /// @param policy instead of the one in the configuration, when there is one
    /// @param again whether to load versions anew that failed before and are unchanged
    /// @return whether all that was wanted is ready
    boolean serve(Supplier<FoundModel> scan, @Nullable VersionPolicy policy, boolean again) {
        changing.lock();
        try {
            if (closed) {
                return false;
            }
            FoundModel found = scan.get();
            wanted = true;
            if (!found.problem().isEmpty()) {
                failed(found.problem());
                return false;
            }
            ModelConfig config = found.config().config();
            List<VersionFiles> target =
                    VersionChoice.of(policy == null ? config.versions() : policy, found.versions());
            if (target.isEmpty()) {
                failed("versions: 'none' of those that are there fit the version policy");
                return false;
            }
            problem = "";
            for (String warning : found.config().warnings()) {
                LOGGER.log(System.Logger.Level.WARNING, "model %s: %s".formatted(name, warning));
            }
            boolean all = load(target, config, found.folder(), again);
            unloadOthers(target);
            return all;
        } finally {
            changing.unlock();
        }
    }

    /// Serves it no more.
    void unload(String reason) {
        changing.lock();
        try {
            wanted = false;
            problem = reason;
            boolean any = !view.ready().isEmpty();
            labels = Map.of();
            for (String version : List.copyOf(slots.keySet())) {
                drop(version);
            }
            publish();
            if (any) {
                LOGGER.log(System.Logger.Level.INFO, "model %s: %s".formatted(name, reason));
            }
        } finally {
            changing.unlock();
        }
    }

    /// @param early whether a label that is new may name a version that is not ready
    /// @return what is wrong with them; empty when they are in force
    Optional<String> label(Map<String, String> wished, boolean early) {
        changing.lock();
        try {
            for (Map.Entry<String, String> label : wished.entrySet()) {
                boolean fresh = early && !labels.containsKey(label.getKey());
                if (!fresh && !view.ready().containsKey(label.getValue())) {
                    return Optional.of(
                            "model %s: label %s: version '%s' (expected: one that is ready, of %s)"
                                    .formatted(
                                            name,
                                            label.getKey(),
                                            label.getValue(),
                                            view.ready().keySet()));
                }
            }
            labels = Map.copyOf(wished);
            publish();
            return Optional.empty();
        } finally {
            changing.unlock();
        }
    }

    /// For good.
    void close() {
        changing.lock();
        try {
            closed = true;
            wanted = false;
            problem = "server: stopping";
            for (String version : List.copyOf(slots.keySet())) {
                drop(version);
            }
            publish();
        } finally {
            changing.unlock();
        }
    }

    private boolean load(
            List<VersionFiles> target, ModelConfig config, Path folder, boolean again) {
        List<VersionFiles> changed = new ArrayList<>();
        for (VersionFiles files : target) {
            VersionSlot slot = slots.get(files.version());
            if (slot != null && slot.isOf(files, config) && (slot.reason().isEmpty() || !again)) {
                continue;
            }
            changed.add(files);
            slots.put(
                    files.version(),
                    new VersionSlot(
                            files,
                            config,
                            slot == null ? Optional.empty() : slot.model(),
                            true,
                            ""));
        }
        publish();
        for (VersionFiles files : changed) {
            settle(files, config, outcome(files, config, folder));
        }
        return target.stream()
                .allMatch(files -> {
                    VersionSlot slot = slots.get(files.version());
                    return slot != null && slot.reason().isEmpty() && view.answers(files.version());
                });
    }

    private LoadOutcome outcome(VersionFiles files, ModelConfig config, Path folder) {
        try {
            return threads.run(() -> loader.load(config, files, folder, directory));
        } catch (TidemillException e) {
            return new LoadOutcome.Failed(String.valueOf(e.getMessage()));
        }
    }

    private void settle(VersionFiles files, ModelConfig config, LoadOutcome loaded) {
        VersionSlot before = slots.get(files.version());
        Optional<ServedModel> old = before == null ? Optional.empty() : before.model();
        switch (usable(loaded, old)) {
            case LoadOutcome.Ready(ServedModel model) -> {
                slots.put(
                        files.version(),
                        new VersionSlot(files, config, Optional.of(model), false, ""));
                // Nobody may get the old one from here on.
                publish();
                old.ifPresent(replaced -> retired.retire(files.version(), replaced));
            }
            case LoadOutcome.Failed(String reason) -> {
                slots.put(
                        files.version(),
                        new VersionSlot(
                                files,
                                config,
                                old,
                                false,
                                old.isPresent()
                                        ? "changed, and the one before serves on: " + reason
                                        : reason));
                publish();
                LOGGER.log(
                        System.Logger.Level.ERROR,
                        "model %s version %s: %s".formatted(name, files.version(), reason));
            }
        }
    }

    /// An ensemble that misses a model is no success where the one before it answers.
    private static LoadOutcome usable(LoadOutcome outcome, Optional<ServedModel> old) {
        if (outcome instanceof LoadOutcome.Ready(ServedModel model)
                && old.isPresent()
                && old.get().obstacle().isEmpty()) {
            Optional<String> obstacle = model.obstacle();
            if (obstacle.isPresent()) {
                model.close();
                return new LoadOutcome.Failed(obstacle.get());
            }
        }
        return outcome;
    }

    /// As many old versions stay as new ones have failed.
    private void unloadOthers(List<VersionFiles> target) {
        List<String> names = target.stream().map(VersionFiles::version).toList();
        long missing = names.stream().filter(version -> !view.answers(version)).count();
        for (String version : List.copyOf(slots.keySet())) {
            if (names.contains(version)) {
                continue;
            }
            if (missing > 0 && view.answers(version)) {
                missing--;
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "model %s version %s serves on, because a newer one failed"
                                .formatted(name, version));
            } else {
                drop(version);
            }
        }
        publish();
    }

    private void drop(String version) {
        VersionSlot slot = slots.remove(version);
        if (slot != null && slot.model().isPresent()) {
            publish();
            if (closed) {
                slot.model().get().close();
                return;
            }
            retired.retire(version, slot.model().get());
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "model %s version %s is unloaded".formatted(name, version));
        }
    }

    private void failed(String reason) {
        problem = reason;
        LOGGER.log(System.Logger.Level.ERROR, "model %s: %s".formatted(name, reason));
    }

    private void publish() {
        view = ModelView.of(name, slots, labels);
    }
}
