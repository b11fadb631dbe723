package dev.tidemill.cli.command;

import dev.tidemill.cli.registry.RegistryPull;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.RepositoryConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which models `serve` serves.
final class RepositoryOptions {
    @Option(
            names = "--model-repository",
            paramLabel = "DIR",
            description = "Folder of models; may be given several times.")
    private List<Path> repositories = new ArrayList<>();

    @Option(
            names = "--model-folder",
            paramLabel = "NAME=DIR",
            description =
                    "Folder of one model, such as an .onnx file or versions of it, that is served by"
                            + " that name; may be given several times.")
    private List<String> named = new ArrayList<>();

    @Option(
            names = "--model-control-mode",
            defaultValue = "none",
            paramLabel = "MODE",
            description =
                    "none: load all at the start; poll: follow the folders; explicit: load what"
                            + " clients ask for. Default: ${DEFAULT-VALUE}")
    private String mode = "";

    @Option(
            names = "--load-model",
            paramLabel = "NAME",
            description =
                    "In explicit mode, a model to load at the start, * for all; may be given"
                            + " several times.")
    private List<String> load = new ArrayList<>();

    @Option(
            names = "--repository-poll-seconds",
            defaultValue = "15",
            paramLabel = "SECONDS",
            description = "In poll mode, time between two looks. Default: ${DEFAULT-VALUE}")
    private double pollSeconds;

    @Option(
            names = "--version-label",
            paramLabel = "MODEL:LABEL=VERSION",
            description = "A name for a version; may be given several times.")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--allow-version-labels-for-unavailable-models",
            description = "Let a label that is new name a version that is not ready yet.")
    private boolean earlyLabels;

    @Option(
            names = "--strict-readiness",
            description = "Be ready when every model is; otherwise one is enough.")
    private boolean strict;

    /// @throws TidemillException `NOT_FOUND` when a folder is none
    void requireFolders() {
        for (Path repository : repositories) {
            if (!Files.isDirectory(repository)) {
                throw new TidemillException(
                        ErrorCode.NOT_FOUND,
                        "--model-repository: '%s' (expected: a folder)".formatted(repository));
            }
        }
    }

    boolean areMissing() {
        return repositories.isEmpty() && named.isEmpty();
    }

    boolean poll() {
        return mode.equalsIgnoreCase("poll");
    }

    Duration interval() {
        return Duration.ofMillis(OptionValues.millis("--repository-poll-seconds", pollSeconds));
    }

    /// @param pull whose models are served beside those of the folders
    RepositoryConfig read(Optional<RegistryPull> pull) {
        List<String> folders = new ArrayList<>();
        repositories.forEach(path -> folders.add(path.toAbsolutePath().toString()));
        List<String> loaded = new ArrayList<>(load);
        pull.ifPresent(from -> {
            folders.add(from.folder().toString());
            from.models().forEach(model -> loaded.add(model.name()));
        });
        return new RepositoryConfig(
                folders,
                Optional.of(mode),
                Optional.of(loaded),
                Optional.of(interval().toMillis()),
                Optional.of(strict),
                Optional.of(labels()),
                Optional.of(earlyLabels),
                Optional.of(named()));
    }

    private Map<String, String> named() {
        Map<String, String> byName = new LinkedHashMap<>();
        for (String text : named) {
            int equals = text.indexOf('=');
            Path folder = Path.of(text.substring(equals + 1));
            if (equals < 1 || !Files.isDirectory(folder)) {
                throw OptionValues.wrong(
                        "--model-folder", text, "a name and a folder such as digits=/mnt/models");
            }
            if (byName.put(text.substring(0, equals), folder.toAbsolutePath().toString()) != null) {
                throw OptionValues.wrong("--model-folder", text, "each name once");
            }
        }
        return byName;
    }

    private Map<String, Map<String, String>> labels() {
        Map<String, Map<String, String>> byModel = new HashMap<>();
        for (String text : labels) {
            int colon = text.indexOf(':');
            int equals = text.indexOf('=', colon + 1);
            if (colon < 1 || equals < colon + 2 || equals == text.length() - 1) {
                throw OptionValues.wrong("--version-label", text, "such as resnet:stable=3");
            }
            byModel.computeIfAbsent(text.substring(0, colon), _ -> new HashMap<>())
                    .put(text.substring(colon + 1, equals), text.substring(equals + 1));
        }
        return byModel;
    }
}
