package dev.tidemill.server;

import dev.tidemill.server.repository.RepositorySettings;
import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The part of a server's configuration about folders of models.
///
/// @param folders paths of the folders
/// @param mode `none`, `poll` or `explicit`; none when it is not said
/// @param load names to load at the start in explicit mode, `*` for all; none when not said
/// @param pollMillis time between two looks in poll mode; 15 s when not said
/// @param strict whether every model must be ready before the server is; otherwise one is enough
/// @param labels by model: label to version
/// @param earlyLabels whether a label that is new may name a version that is not ready
/// @param named folders of one model each, by the name that it is served by
public record RepositoryConfig(
        List<String> folders,
        Optional<String> mode,
        Optional<List<String>> load,
        Optional<Long> pollMillis,
        Optional<Boolean> strict,
        Optional<Map<String, Map<String, String>>> labels,
        Optional<Boolean> earlyLabels,
        Optional<Map<String, String>> named) {
    private static final long POLL_MILLIS = 15_000;

    public RepositoryConfig {
        folders = List.copyOf(folders);
        // Refuses what it cannot mean now, not once the server starts.
        settings(folders, mode, load, pollMillis, strict, labels, earlyLabels, named);
    }

    /// Without folders of one model.
    public RepositoryConfig(
            List<String> folders,
            Optional<String> mode,
            Optional<List<String>> load,
            Optional<Long> pollMillis,
            Optional<Boolean> strict,
            Optional<Map<String, Map<String, String>>> labels,
            Optional<Boolean> earlyLabels) {
        this(folders, mode, load, pollMillis, strict, labels, earlyLabels, Optional.empty());
    }

    /// Without early labels.
    public RepositoryConfig(
            List<String> folders,
            Optional<String> mode,
            Optional<List<String>> load,
            Optional<Long> pollMillis,
            Optional<Boolean> strict,
            Optional<Map<String, Map<String, String>>> labels) {
        this(folders, mode, load, pollMillis, strict, labels, Optional.empty());
    }

    RepositorySettings settings() {
        return settings(folders, mode, load, pollMillis, strict, labels, earlyLabels, named);
    }

    private static RepositorySettings settings(
            List<String> folders,
            Optional<String> mode,
            Optional<List<String>> load,
            Optional<Long> pollMillis,
            Optional<Boolean> strict,
            Optional<Map<String, Map<String, String>>> labels,
            Optional<Boolean> earlyLabels,
            Optional<Map<String, String>> named) {
        Map<String, Path> single = new LinkedHashMap<>();
        named.orElse(Map.of()).forEach((name, folder) -> single.put(name, Path.of(folder)));
        return new RepositorySettings(
                folders.stream().map(Path::of).toList(),
                mode(mode),
                load.orElse(List.of()),
                Duration.ofMillis(pollMillis.orElse(POLL_MILLIS)),
                strict.orElse(false),
                labels.orElse(Map.of()),
                earlyLabels.orElse(false),
                single);
    }

    private static ControlMode mode(Optional<String> said) {
        return switch (said.orElse("none").toLowerCase(Locale.ROOT)) {
            case "none" -> ControlMode.NONE;
            case "poll" -> ControlMode.POLL;
            case "explicit" -> ControlMode.EXPLICIT;
            default ->
                    throw new IllegalArgumentException(
                            "model control mode: '%s' (expected: none, poll or explicit)"
                                    .formatted(said.orElse("")));
        };
    }
}
