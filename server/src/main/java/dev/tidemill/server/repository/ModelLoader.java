package dev.tidemill.server.repository;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import dev.tidemill.http.Metrics;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.server.engine.ComputeThreads;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.metrics.ModelMeters;
import dev.tidemill.stores.spi.FolderDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/// Takes a model version from its artifact folder to being ready: verifies the digest, loads,
/// checks that the remembered samples still get their labels, warms up.
///
/// @param nanos monotonic clock
public record ModelLoader(
        List<ModelRuntime> runtimes,
        ComputeThreads threads,
        Metrics metrics,
        WarmUp warmUp,
        LongSupplier nanos) {
    private static final System.Logger LOGGER = System.getLogger(ModelLoader.class.getName());

    /// Never throws for what is wrong with a model: its failure must not be the others'.
    ModelState load(ModelSource source) {
        long begin = nanos.getAsLong();
        try {
            ServedModel model = open(source);
            try {
                warmUp.run(model, manifest(source));
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "model %s version %s is ready after %d ms"
                            .formatted(
                                    source.name(),
                                    source.version(),
                                    (nanos.getAsLong() - begin) / 1_000_000));
            return new ModelState.Ready(model);
        } catch (IOException e) {
            return new ModelState.Failed("artifact: '%s': %s".formatted(source.path(), e));
        } catch (TidemillException | IllegalArgumentException e) {
            return new ModelState.Failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(System.Logger.Level.ERROR, "model " + source.name(), e);
            return new ModelState.Failed("defect: " + e);
        }
    }

    private ServedModel open(ModelSource source) throws IOException {
        Path folder = Path.of(source.path());
        verify(source, folder);
        ModelManifest manifest = manifest(source);
        LoadedModel loaded = runtime(manifest.format()).load(mainFile(folder, manifest));
        try {
            return new ServedModel(
                    ServedModel.Description.plain(source.name(), source.version(), manifest),
                    loaded,
                    new ServedModel.Surroundings(
                            threads,
                            new ModelMeters(metrics, source.name(), source.version()),
                            nanos));
        } catch (RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    private static void verify(ModelSource source, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "artifact: '%s' (expected: a folder)".formatted(source.path()));
        }
        Digest found = FolderDigest.of(folder);
        if (!found.value().equals(source.digest())) {
            throw new TidemillException(
                    ErrorCode.CORRUPT_ARTIFACT,
                    "artifact: '%s' has digest %s (expected: %s)"
                            .formatted(source.path(), found, source.digest()));
        }
    }

    private static ModelManifest manifest(ModelSource source) {
        Path file = Path.of(source.path(), ModelManifest.FILE);
        try {
            return Json.read(Files.readAllBytes(file), ModelManifest.class);
        } catch (IOException | TidemillException e) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "manifest: '%s' (expected: a model manifest): %s"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private static Path mainFile(Path folder, ModelManifest manifest) {
        Path file = folder.resolve(manifest.file()).normalize();
        if (!file.startsWith(folder.normalize())) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "manifest: file: '%s' (expected: a path inside the artifact)"
                            .formatted(manifest.file()));
        }
        return file;
    }

    private ModelRuntime runtime(String format) {
        for (ModelRuntime runtime : runtimes) {
            if (runtime.format().equals(format)) {
                return runtime;
            }
        }
        throw new TidemillException(
                ErrorCode.MODEL_FAILED,
                "manifest: format: '%s' (expected: %s)"
                        .formatted(
                                format,
                                String.join(
                                        ", ",
                                        runtimes.stream().map(ModelRuntime::format).toList())));
    }
}
