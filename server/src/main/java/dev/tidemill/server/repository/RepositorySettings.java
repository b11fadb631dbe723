package dev.tidemill.server.repository;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Where models are, and who decides when they are loaded.
///
/// @param folders of models, each in one of the layouts of `docs/model-repository.md`
/// @param initial names to load at the start in explicit mode; `*` for all
/// @param poll time between two looks at the folders in poll mode
/// @param strict whether every initial model must be ready before the server is; otherwise one is
///   enough
/// @param labels by model: label to version
/// @param earlyLabels whether a label that is new may name a version that is not ready
/// @param named folders of one model each, by the name that it is served by
public record RepositorySettings(
        List<Path> folders,
        ControlMode mode,
        List<String> initial,
        Duration poll,
        boolean strict,
        Map<String, Map<String, String>> labels,
        boolean earlyLabels,
        Map<String, Path> named) {
    /// No folders: the models are those that the server was started for.
    public static final RepositorySettings NONE =
            new RepositorySettings(
                    List.of(),
                    ControlMode.NONE,
                    List.of(),
                    Duration.ofSeconds(15),
                    false,
                    Map.of(),
                    false,
                    Map.of());

    public RepositorySettings {
        folders = List.copyOf(folders);
        initial = List.copyOf(initial);
        labels = Map.copyOf(labels);
        named = Map.copyOf(named);
        if (poll.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(
                    "repository poll: '%s' (expected: > 0)".formatted(poll));
        }
    }

    /// Without early labels.
    public RepositorySettings(
            List<Path> folders,
            ControlMode mode,
            List<String> initial,
            Duration poll,
            boolean strict,
            Map<String, Map<String, String>> labels) {
        this(folders, mode, initial, poll, strict, labels, false, Map.of());
    }

    /// Triton's.
    public enum ControlMode {
        /// All at the start, and then nothing.
        NONE,
        /// What changes on the disk changes here.
        POLL,
        /// What clients ask for.
        EXPLICIT
    }
}
