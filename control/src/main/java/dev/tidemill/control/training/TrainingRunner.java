package dev.tidemill.control.training;

import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ResourceName;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.registry.ModelRegistry;
import dev.tidemill.control.registry.NewVersion;
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
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// One training from its data to its registered version.
final class TrainingRunner {
    /// Inflated data may be this large: a bound against bombs, and what a laptop's heap holds.
    private static final int MOST_DATA_BYTES = 256 << 20;

    private final ModelRegistry registry;
    private final ArtifactStore artifacts;
    private final ModelRuntime runtime;
    private final Path scratch;
    private final InstantSource clock;

    /// @param scratch for temporary model files
    TrainingRunner(
            ModelRegistry registry,
            ArtifactStore artifacts,
            ModelRuntime runtime,
            Path scratch,
            InstantSource clock) {
        this.registry = registry;
        this.artifacts = artifacts;
        this.runtime = runtime;
        this.scratch = scratch;
        this.clock = clock;
    }

    /// The version that was registered, with its measured metrics.
    ModelVersion run(String runId, Training training, byte[] content, Digest dataDigest) {
        Deadline deadline = new Deadline(clock, training.timeout());
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
        measurement.gates(measured.scores());
        Digest digest = store(measured, data, features, predictions);
        ModelVersion version =
                registry.register(
                                new NewVersion(
                                        new ResourceName(training.registers().model()),
                                        digest,
                                        training.registers().description(),
                                        measured.scores().asMap(),
                                        runId,
                                        dataDigest.value()))
                        .version();
        training.registers()
                .alias()
                .ifPresent(alias -> registry.setAlias(version.name(), alias, version.version()));
        return version;
    }

    private Digest store(
            Measured measured,
            Data data,
            Optional<TextFeatures> features,
            OnnxPredictions predictions) {
        try {
            Path folder = Files.createTempDirectory(scratch, "version-");
            try {
                ModelFolder.write(folder, measured, data, features, predictions);
                return artifacts.put(folder);
            } finally {
                delete(folder);
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

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
