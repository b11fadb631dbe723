package dev.tidemill.control.training;

import dev.tidemill.client.control.ProgramResult;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ResourceName;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.registry.NewVersion;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.spec.Training;
import dev.tidemill.stores.spi.ArtifactStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a program of somebody's own made, from what it sent to its registered version.
///
/// @param scratch for temporary model files
record ResultRunner(
        ArtifactStore artifacts, ModelRuntime runtime, Path scratch, DataSets dataSets) {
    private static final int MOST_METRICS = 1000;
    private static final Pattern METRIC = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

    /// @throws TidemillException `INVALID_REQUEST`
    static ProgramResult checked(Optional<ProgramResult> result) {
        ProgramResult given =
                result.orElseThrow(() ->
                        invalid(
                                "result: 'missing' (expected: what the program made: trainer: program"
                                        + " is run by the operator of a cluster)"));
        var _ = DataSets.digest(given.model());
        if (!given.dataset().isEmpty()) {
            var _ = DataSets.digest(given.dataset());
        }
        if (given.metrics().size() > MOST_METRICS) {
            throw invalid(
                    "metrics: '%d' (expected: at most %d)"
                            .formatted(given.metrics().size(), MOST_METRICS));
        }
        for (Map.Entry<String, Double> metric : given.metrics().entrySet()) {
            if (!METRIC.matcher(metric.getKey()).matches() || !Double.isFinite(metric.getValue())) {
                throw invalid(
                        "metrics: '%s' (expected: numbers by names of letters, digits, '_', '.' and"
                                        .formatted(metric)
                                + " '-', at most 100)");
            }
        }
        return given;
    }

    /// Takes the model for a run. One that is not good enough anyhow need not be there.
    ///
    /// @throws TidemillException `NOT_FOUND` when it was not sent, or is another run's by now
    void claim(String runId, Training training, ProgramResult result) {
        try {
            dataSets.claim(new Digest(result.model()), claimed(runId));
        } catch (TidemillException e) {
            if (Gates.missed(training.gates(), result.metrics()).isEmpty()) {
                throw e;
            }
        } catch (IOException e) {
            throw noSpace(e);
        }
    }

    /// Removes what is left of a claim.
    void release(String runId) {
        try {
            Files.deleteIfExists(claimed(runId));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path claimed(String runId) {
        return scratch.resolve("claimed-" + runId);
    }

    Outcome run(String runId, Training training, ProgramResult result) {
        Optional<String> missed = Gates.missed(training.gates(), result.metrics());
        if (missed.isPresent()) {
            return new Outcome.Missed(missed.get(), result.metrics(), List.of());
        }
        try {
            Path folder = Files.createTempDirectory(scratch, "result-");
            try {
                Path file = folder.resolve(ModelFolder.MODEL);
                Files.move(claimed(runId), file);
                DataSets.check(new Digest(result.model()), file);
                ModelManifest manifest = SentModel.manifest(runtime, file, result.manifest());
                ModelFolder.describe(folder, manifest);
                NewVersion version =
                        new NewVersion(
                                new ResourceName(training.registers().model()),
                                artifacts.put(folder),
                                manifest,
                                training.registers().description(),
                                result.metrics(),
                                runId,
                                result.dataset());
                return new Outcome.Passed(version, result.metrics(), List.of());
            } finally {
                ModelFolder.delete(folder);
            }
        } catch (IOException e) {
            throw noSpace(e);
        }
    }

    private TidemillException noSpace(IOException cause) {
        return new TidemillException(
                ErrorCode.NO_SPACE,
                "folder: '%s' (expected: room for a model; %s)"
                        .formatted(scratch, cause.getMessage()),
                cause);
    }

    private static TidemillException invalid(String message) {
        return new TidemillException(ErrorCode.INVALID_REQUEST, message);
    }
}
