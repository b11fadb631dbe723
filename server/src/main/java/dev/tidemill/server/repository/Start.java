package dev.tidemill.server.repository;

import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.ReadConfig;
import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// The models that are loaded before the server is ready.
final class Start {
    private final Entries entries;
    private final RepositorySettings settings;
    private final List<ModelSource> sources;
    private final Changes changes;

    /// Names of the models that were found at the start; empty before.
    private volatile Set<String> found = Set.of();

    private volatile String state = "models are loading";

    /// Whether there was a moment without an obstacle.
    private volatile boolean passed;

    Start(
            Entries entries,
            RepositorySettings settings,
            List<ModelSource> sources,
            Changes changes) {
        this.entries = entries;
        this.settings = settings;
        this.sources = sources;
        this.changes = changes;
    }

    void run() {
        Map<String, FoundModel> there = changes.firstScan();
        Set<String> wanted = new LinkedHashSet<>();
        there.keySet()
                .forEach(name -> {
                    if (isInitial(name)) {
                        wanted.add(name);
                    }
                });
        settings.initial().stream().filter(name -> !name.equals("*")).forEach(wanted::add);
        addSteps(wanted, there);
        wanted.forEach(name -> entries.get(name).announce());
        there.keySet().forEach(entries::get);
        found = wanted;
        // As many go on at once as there are threads to load; the others wait.
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            sources.forEach(source -> all.execute(() -> load(source)));
            wanted.stream()
                    .filter(name -> !isEnsemble(there.get(name)))
                    .forEach(name -> all.execute(() -> load(name, there)));
        }
        // Behind the models that they are made of, so that they can warm up.
        wanted.stream()
                .filter(name -> isEnsemble(there.get(name)))
                .forEach(name -> load(name, there));
        settings.labels()
                .forEach(
                        (name, labels) -> entries.get(name).expect(labels, settings.earlyLabels()));
        state = "";
    }

    /// Models that the server was started for must be ready all; of a repository's, one or, where
    /// the settings are strict, all.
    Optional<String> obstacle() {
        if (passed) {
            return Optional.empty();
        }
        Optional<String> obstacle = look();
        passed = obstacle.isEmpty();
        return obstacle;
    }

    private Optional<String> look() {
        for (ModelSource source : sources) {
            Optional<String> missing = missing(source.name());
            if (missing.isPresent()) {
                return missing;
            }
        }
        if (!state.isEmpty()) {
            return Optional.of(state);
        }
        List<String> missing = new ArrayList<>();
        found.forEach(name -> missing(name).ifPresent(missing::add));
        boolean enough = settings.strict() ? missing.isEmpty() : missing.size() < found.size();
        return found.isEmpty() || enough ? Optional.empty() : Optional.of(missing.getFirst());
    }

    private Optional<String> missing(String name) {
        VersionStatus status = entries.known(name).report().usual();
        if (status.isReady()) {
            return Optional.empty();
        }
        return Optional.of(
                "model %s: %s"
                        .formatted(
                                name,
                                status.state() == VersionStatus.State.LOADING
                                        ? "loading"
                                        : status.reason()));
    }

    /// An ensemble is of no use without the models of its steps.
    private static void addSteps(Set<String> wanted, Map<String, FoundModel> there) {
        List<String> open = new ArrayList<>(wanted);
        while (!open.isEmpty()) {
            FoundModel model = there.get(open.removeLast());
            if (model != null) {
                model.steps().stream()
                        .filter(there::containsKey)
                        .filter(wanted::add)
                        .forEach(open::add);
            }
        }
    }

    private static boolean isEnsemble(@Nullable FoundModel model) {
        return model != null && model.config().config().ensemble().isPresent();
    }

    private boolean isInitial(String name) {
        return settings.mode() != ControlMode.EXPLICIT
                || settings.initial().contains("*")
                || settings.initial().contains(name);
    }

    private void load(ModelSource source) {
        Path folder = Path.of(source.path());
        VersionFiles files =
                new VersionFiles(
                        source.version(), folder, "", source.digest(), source.digest(), "");
        FoundModel model =
                new FoundModel(
                        source.name(),
                        folder,
                        new ReadConfig(ModelConfig.inferred(source.name()), List.of()),
                        List.of(files),
                        "");
        entries.get(source.name()).serve(() -> model, null, false);
    }

    private void load(String name, Map<String, FoundModel> there) {
        FoundModel model =
                there.getOrDefault(
                        name,
                        FoundModel.broken(
                                name,
                                Path.of("."),
                                "name: '%s' (expected: a model of the repository: %s)"
                                        .formatted(name, Entries.few(there.keySet()))));
        entries.get(name).serve(() -> model, null, false);
    }
}
