package dev.tidemill.cli.importing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.onnx.OnnxRuntime;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A model repository: `DIR/NAME/VERSION/model.onnx`.
public final class RepositoryFolder {
    private static final String MODEL = "model.onnx";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path root;

    public RepositoryFolder(Path root) {
        this.root = root;
    }

    /// Adds the next version, whole or not at all: a server that watches the folder sees it once it
    /// is complete. What the folder says of all versions changes right before that, file by file
    /// and only where it has to, once the model itself is written.
    ///
    /// @return the version's folder
    /// @throws TidemillException `MODEL_FAILED` when our runtime does not load the model
    public Path add(String name, ImportedModel model) {
        try (OnnxRuntime runtime = new OnnxRuntime();
                LoadedModel loaded = runtime.load(model.file())) {
            Path folder = Files.createDirectories(root.resolve(name));
            String config =
                    ConfigPbtxt.of(name, loaded.inputs(), loaded.outputs(), labelled(model));
            Path fresh = Files.createTempDirectory(folder, ".version-");
            Files.copy(model.file(), fresh.resolve(MODEL));
            Files.write(fresh.resolve(ModelManifest.FILE), JSON.writeValueAsBytes(manifest(model)));
            Path version = folder.resolve(String.valueOf(next(folder)));
            Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(folder));
            if (!model.labels().isEmpty()) {
                replace(
                        folder.resolve(ConfigPbtxt.LABELS),
                        String.join(System.lineSeparator(), model.labels())
                                + System.lineSeparator());
            }
            replace(folder.resolve("config.pbtxt"), config);
            return Files.move(fresh, version, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s: cannot be written: %s".formatted(root, e.getMessage()), e);
        } catch (UnsupportedOperationException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--output: '%s' (expected: a folder on a POSIX file system)".formatted(root),
                    e);
        }
    }

    private static void replace(Path file, String text) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String labelled(ImportedModel model) {
        return model.labels().isEmpty() ? "" : model.scores();
    }

    private static ModelManifest manifest(ImportedModel model) {
        return new ModelManifest(
                OnnxRuntime.FORMAT,
                MODEL,
                Optional.empty(),
                model.labels(),
                model.scores(),
                List.of());
    }

    private static long next(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return 1
                    + all.map(path -> path.getFileName().toString())
                            .filter(name -> name.matches("[1-9]\\d{0,17}"))
                            .mapToLong(Long::parseLong)
                            .max()
                            .orElse(0);
        }
    }
}
