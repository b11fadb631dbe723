package dev.tidemill.server.repository;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import dev.tidemill.http.Metrics;
import dev.tidemill.runtimes.spi.ConfiguredRuntime;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.server.cache.ResponseCache;
import dev.tidemill.server.engine.ComputeThreads;
import dev.tidemill.server.engine.EnsembleModel;
import dev.tidemill.server.engine.ModelDirectory;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.metrics.ModelMeters;
import dev.tidemill.server.modelconfig.InstanceGroup;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.stores.spi.FolderDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Takes a model version from its artifact folder to being ready: verifies the digest, loads,
/// checks that the remembered samples still get their labels, warms up.
///
/// @param nanos monotonic clock
/// @param cache for answers; empty for none
public record ModelLoader(
        List<ModelRuntime> runtimes,
        ComputeThreads threads,
        Metrics metrics,
        WarmUp warmUp,
        LongSupplier nanos,
        Optional<ResponseCache> cache) {
    private static final System.Logger LOGGER = System.getLogger(ModelLoader.class.getName());

    /// Without a cache.
    public ModelLoader(
            List<ModelRuntime> runtimes,
            ComputeThreads threads,
            Metrics metrics,
            WarmUp warmUp,
            LongSupplier nanos) {
        this(runtimes, threads, metrics, warmUp, nanos, Optional.empty());
    }

    /// Never throws for what is wrong with a model: its failure must not be the others'.
    ///
    /// @param folder of the model, where the data of its warm-up requests are
    /// @param directory of the models that an ensemble is made of
    LoadOutcome load(
            ModelConfig config, VersionFiles files, Path folder, ModelDirectory directory) {
        long begin = nanos.getAsLong();
        try {
            ModelManifest manifest = manifest(config, files);
            ServedModel model = open(config, files, folder, manifest, directory);
            try {
                warmUp.run(model, manifest, folder);
            } catch (RuntimeException | Error e) {
                model.close();
                throw e;
            }
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "model %s version %s is ready after %d ms%s"
                            .formatted(
                                    config.name(),
                                    files.version(),
                                    (nanos.getAsLong() - begin) / 1_000_000,
                                    model.devices().isEmpty()
                                            ? ""
                                            : " on " + String.join(", ", model.devices())));
            return new LoadOutcome.Ready(model);
        } catch (IOException e) {
            return new LoadOutcome.Failed("artifact: '%s': %s".formatted(files.folder(), e));
        } catch (TidemillException | IllegalArgumentException e) {
            return new LoadOutcome.Failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOGGER.log(System.Logger.Level.ERROR, "model " + config.name(), e);
            return new LoadOutcome.Failed("defect: " + e);
        }
    }

    private ServedModel open(
            ModelConfig said,
            VersionFiles files,
            Path folder,
            ModelManifest manifest,
            ModelDirectory directory) {
        ModelConfig config = said.ensemble().isPresent() ? said.asEnsemble() : said;
        LoadedModel loaded =
                config.ensemble().isPresent()
                        ? new EnsembleModel(config, directory, nanos)
                        : opened(config, files, folder, manifest);
        ModelMeters meters = new ModelMeters(metrics, config.name(), files.version());
        try {
            return new ServedModel(
                    new ServedModel.Description(
                            config.name(),
                            files.version(),
                            manifest,
                            config,
                            LabelFiles.read(config, folder)),
                    loaded,
                    new ServedModel.Surroundings(threads, meters, nanos, cache));
        } catch (RuntimeException | Error e) {
            meters.close();
            loaded.close();
            throw e;
        }
    }

    private LoadedModel opened(
            ModelConfig config, VersionFiles files, Path folder, ModelManifest manifest) {
        ModelRuntime runtime = runtime(manifest.format());
        return config.isFunction() && runtime instanceof ConfiguredRuntime configured
                ? configured.load(config.parameters(), List.of(files.folder(), folder))
                : runtime.load(
                        mainFile(files.folder(), manifest),
                        InstanceGroup.loadOptions(config.instances()));
    }

    private static void verify(VersionFiles files) throws IOException {
        if (!Files.isDirectory(files.folder())) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "artifact: '%s' (expected: a folder)".formatted(files.folder()));
        }
        if (files.digest().isEmpty()) {
            return;
        }
        Digest found = FolderDigest.of(files.folder());
        if (!found.value().equals(files.digest())) {
            throw new TidemillException(
                    ErrorCode.CORRUPT_ARTIFACT,
                    "artifact: '%s' has digest %s (expected: %s)"
                            .formatted(files.folder(), found, files.digest()));
        }
    }

    /// What travels with the version, or for a bare model file the format that its name says.
    private static ModelManifest manifest(ModelConfig config, VersionFiles files)
            throws IOException {
        if (!files.problem().isEmpty()) {
            throw new TidemillException(ErrorCode.MODEL_FAILED, files.problem());
        }
        verify(files);
        if (!config.needsFile()) {
            return bare(ModelConfig.FUNCTION, "");
        }
        Path file = files.folder().resolve(ModelManifest.FILE);
        if (!files.file().isEmpty() && !Files.exists(file)) {
            return bare("onnx", files.file());
        }
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

    private static ModelManifest bare(String format, String file) {
        return new ModelManifest(format, file, Optional.empty(), List.of(), "", List.of());
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
