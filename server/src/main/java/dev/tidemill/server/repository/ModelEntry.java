package dev.tidemill.server.repository;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.engine.ModelDirectory;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.VersionPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /// Changed under the lock above, read without it.
    private final VersionTable table;

    @GuardedBy("changing")
    private boolean closed;

    private final Retired retired;

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
        this.name = name;
        this.loader = loader;
        this.threads = threads;
        this.directory = directory;
        this.table = new VersionTable(name);
        this.retired = new Retired(heap);
    }

    String name() {
        return name;
    }

    ModelView view() {
        return table.view();
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
        if (view().statuses().isEmpty()) {
            problem = "loading";
        }
    }

    ModelReport report() {
        String general = problem;
        return ModelReport.of(
                name, view(), retired.inUse(), general, wanted && general.equals("loading"));
    }

    /// Why a change came to nothing, or only to a part of what was wanted.
    String whyNot() {
        String general = problem;
        return general.isEmpty() ? report().reason().orElse("not loaded") : general;
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
            FoundModel found = look(scan);
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

    /// @throws TidemillException as the scan says, which nobody takes for a load then
    private FoundModel look(Supplier<FoundModel> scan) {
        try {
            return scan.get();
        } catch (TidemillException e) {
            failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /// Serves it no more. What its labels are stays, for when it comes back.
    void unload(String reason) {
        changing.lock();
        try {
            wanted = false;
            problem = reason;
            boolean any = !view().ready().isEmpty();
            table.versions().forEach(this::drop);
            if (any) {
                LOGGER.log(System.Logger.Level.INFO, "model %s: %s".formatted(name, reason));
            }
        } finally {
            changing.unlock();
        }
    }

    /// Names versions that may come later.
    ///
    /// @param early whether a label leads to the reason why its version is not there until then;
    ///   otherwise there is no such label until then
    void expect(Map<String, String> labels, boolean early) {
        changing.lock();
        try {
            if (early) {
                table.label(labels);
            } else {
                table.expect(labels);
            }
            labels.forEach((label, version) -> {
                if (!view().ready().containsKey(version)) {
                    LOGGER.log(
                            System.Logger.Level.WARNING,
                            "model %s: label %s: version '%s' is not ready yet"
                                    .formatted(name, label, version));
                }
            });
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
                boolean fresh = early && !table.hasLabel(label.getKey());
                if (!fresh && !view().ready().containsKey(label.getValue())) {
                    return Optional.of(
                            "model %s: label %s: version '%s' (expected: one that is ready, of %s)"
                                    .formatted(
                                            name,
                                            label.getKey(),
                                            label.getValue(),
                                            view().ready().keySet()));
                }
            }
            table.label(wished);
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
            for (String version : table.versions()) {
                table.remove(version).ifPresent(ServedModel::close);
            }
        } finally {
            changing.unlock();
        }
    }

    private boolean load(
            List<VersionFiles> target, ModelConfig config, Path folder, boolean again) {
        for (VersionFiles files : table.begin(target, config, again)) {
            settle(files, config, outcome(files, config, folder));
        }
        return table.isDone(target);
    }

    private LoadOutcome outcome(VersionFiles files, ModelConfig config, Path folder) {
        try {
            return threads.run(() -> loader.load(config, files, folder, directory));
        } catch (TidemillException e) {
            return new LoadOutcome.Failed(String.valueOf(e.getMessage()));
        }
    }

    private void settle(VersionFiles files, ModelConfig config, LoadOutcome loaded) {
        Optional<ServedModel> old = table.model(files.version());
        switch (loaded.insteadOf(old)) {
            case LoadOutcome.Ready(ServedModel model) -> {
                table.ready(files, config, model);
                old.ifPresent(replaced -> retired.retire(files.version(), replaced));
            }
            case LoadOutcome.Failed(String reason) -> {
                table.failed(files, config, reason);
                LOGGER.log(
                        System.Logger.Level.ERROR,
                        "model %s version %s: %s".formatted(name, files.version(), reason));
            }
        }
    }

    private void unloadOthers(List<VersionFiles> target) {
        Surplus surplus =
                Surplus.of(
                        target.stream().map(VersionFiles::version).toList(),
                        table.versions(),
                        view()::answers);
        for (String version : surplus.stay()) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "model %s version %s serves on, because a newer one failed"
                            .formatted(name, version));
        }
        surplus.go().forEach(this::drop);
    }

    private void drop(String version) {
        table.remove(version)
                .ifPresent(model -> {
                    retired.retire(version, model);
                    LOGGER.log(
                            System.Logger.Level.INFO,
                            "model %s version %s is unloaded".formatted(name, version));
                });
    }

    private void failed(String reason) {
        problem = reason;
        LOGGER.log(System.Logger.Level.ERROR, "model %s: %s".formatted(name, reason));
    }
}
