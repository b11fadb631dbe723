package dev.tidemill.control.training;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ResourceName;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.registry.NewVersion;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.runtimes.spi.TextFeatures;
import dev.tidemill.spec.Training;
import dev.tidemill.stores.spi.ArtifactStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.zip.GZIPInputStream;

/// One training from its data to its registered version.
final class TrainingRunner {
    /// Inflated data may be this large: a bound against bombs, and what a laptop's heap holds.
    private static final int MOST_DATA_BYTES = 256 << 20;

    private final ArtifactStore artifacts;
    private final ModelRuntime runtime;
    private final Path scratch;
    private final LongSupplier nanos;

    /// @param scratch for temporary model files
    /// @param nanos monotonic clock
    TrainingRunner(
            ArtifactStore artifacts, ModelRuntime runtime, Path scratch, LongSupplier nanos) {
        this.artifacts = artifacts;
        this.runtime = runtime;
        this.scratch = scratch;
        this.nanos = nanos;
    }

    Outcome run(String runId, Training training, byte[] content, Digest dataDigest) {
        Deadline deadline = new Deadline(nanos, training.timeout());
        Optional<TextFeatures> features =
                training.features()
                        .map(f ->
                                new TextFeatures(
                                        f.minGram(), f.maxGram(), f.buckets(), f.maxLength()));
        String file = training.dataset().path();
        Data data =
                Data.of(file, Csv.parse(file, text(file, content)), training.dataset(), features);
        OnnxPredictions predictions = new OnnxPredictions(runtime, scratch);
        Measurement measurement = new Measurement(training, predictions, deadline);
        Measured measured = measurement.of(data);
        Scores scores = measured.scores();
        Optional<String> missed = Gates.missed(training.gates(), scores.asMap());
        if (missed.isPresent()) {
            return new Outcome.Missed(missed.get(), scores.asMap(), measured.folds());
        }
        ModelManifest manifest = ModelFolder.manifest(measured, data, features, predictions);
        NewVersion version =
                new NewVersion(
                        new ResourceName(training.registers().model()),
                        store(measured.fitted().onnx(), manifest),
                        manifest,
                        training.registers().description(),
                        scores.asMap(),
                        runId,
                        dataDigest.value());
        return new Outcome.Passed(version, scores.asMap(), measured.folds());
    }

    private Digest store(byte[] onnx, ModelManifest manifest) {
        try {
            Path folder = Files.createTempDirectory(scratch, "version-");
            try {
                Files.write(folder.resolve(manifest.file()), onnx);
                ModelFolder.describe(folder, manifest);
                return artifacts.put(folder);
            } finally {
                ModelFolder.delete(folder);
            }
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.NO_SPACE,
                    "folder: '%s' (expected: room for a model; %s)"
                            .formatted(scratch, e.getMessage()),
                    e);
        }
    }

    /// @throws TidemillException `INVALID_REQUEST` when the file is not gzip, too large, or not
    ///   UTF-8
    private static String text(String file, byte[] content) {
        try (InputStream in = open(file, content)) {
            byte[] bytes = in.readNBytes(MOST_DATA_BYTES + 1);
            if (bytes.length > MOST_DATA_BYTES) {
                throw invalid(file, "more than 256 MiB", "at most 256 MiB of text");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw invalid(file, "not UTF-8", "UTF-8 text");
        } catch (IOException e) {
            throw invalid(
                    file, String.valueOf(e.getMessage()), "a readable file, gzip by its name");
        }
    }

    private static InputStream open(String file, byte[] content) throws IOException {
        InputStream raw = new ByteArrayInputStream(content);
        return file.endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw;
    }

    private static TidemillException invalid(String file, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(file, value, expected));
    }
}
