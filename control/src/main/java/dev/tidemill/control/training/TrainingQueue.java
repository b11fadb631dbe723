package dev.tidemill.control.training;

import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.client.control.TrainingRequest;
import dev.tidemill.client.control.TrainingRun;
import dev.tidemill.client.control.TrainingRun.State;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.Problems;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.registry.ModelRegistry;
import dev.tidemill.control.registry.RunLog;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.spec.ParsedSpec;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.Training;
import dev.tidemill.stores.spi.ArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Takes trainings and runs them one after the other. A training whose specification and data
/// succeeded before is answered by that run.
public final class TrainingQueue implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TrainingQueue.class.getName());
    private static final int WAITING = 32;

    private final RunLog runs;
    private final ModelRegistry registry;
    private final TrainingRunner runner;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final ThreadPoolExecutor worker =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(WAITING),
                    Thread.ofPlatform().daemon().name("training").factory());

    /// @param scratch a folder for temporary files, which exists
    /// @param ids makes ids of runs
    public TrainingQueue(
            RunLog runs,
            ModelRegistry registry,
            ArtifactStore artifacts,
            ModelRuntime runtime,
            Path scratch,
            InstantSource clock,
            Supplier<String> ids) {
        this.runs = runs;
        this.registry = registry;
        this.runner = new TrainingRunner(registry, artifacts, runtime, scratch, clock);
        this.clock = clock;
        this.ids = ids;
    }

    /// @return the run that will make the model, or that made it earlier
    /// @throws TidemillException `INVALID_SPEC`, `NOT_FOUND` for the data, `OVERLOADED`
    public TrainingRun submit(TrainingRequest request) {
        Training training = parse(request.document());
        byte[] content = read(Path.of(request.baseDirectory()), training.dataset().path());
        Digest data = Digest.of(content);
        String input = InputDigest.of(training, data).value();
        Optional<TrainingRun> earlier = runs.succeeded(input).filter(this::versionExists);
        if (earlier.isPresent()) {
            return reused(earlier.get());
        }
        Instant now = clock.instant();
        TrainingRun run =
                new TrainingRun(
                        ids.get(),
                        training.name(),
                        State.RUNNING,
                        input,
                        false,
                        "training",
                        now,
                        now,
                        Map.of(),
                        training.registers().model(),
                        0);
        runs.put(run);
        try {
            worker.execute(() -> finish(run, training, content, data));
        } catch (RejectedExecutionException e) {
            runs.put(ended(run, State.FAILED, "too many trainings wait", Map.of(), 0));
            throw new TidemillException(
                    ErrorCode.OVERLOADED,
                    "trainings: '%d waiting' (expected: fewer; try again later)".formatted(WAITING),
                    e);
        }
        return run;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }

    private void finish(TrainingRun run, Training training, byte[] content, Digest data) {
        try {
            ModelVersion version = runner.run(run.id(), training, content, data);
            runs.put(
                    ended(
                            run,
                            State.SUCCEEDED,
                            "registered %s version %d".formatted(version.name(), version.version()),
                            version.metrics(),
                            version.version()));
        } catch (TidemillException e) {
            runs.put(ended(run, State.FAILED, String.valueOf(e.getMessage()), Map.of(), 0));
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.ERROR, "training " + training.name(), e);
            runs.put(ended(run, State.FAILED, "it broke: " + e, Map.of(), 0));
        }
    }

    private TrainingRun ended(
            TrainingRun run,
            State state,
            String message,
            Map<String, Double> metrics,
            int version) {
        return new TrainingRun(
                run.id(),
                run.training(),
                state,
                run.inputDigest(),
                false,
                message,
                run.started(),
                clock.instant(),
                metrics,
                run.model(),
                version);
    }

    private static TrainingRun reused(TrainingRun run) {
        return new TrainingRun(
                run.id(),
                run.training(),
                run.state(),
                run.inputDigest(),
                true,
                "nothing to train: same specification and data",
                run.started(),
                run.ended(),
                run.metrics(),
                run.model(),
                run.version());
    }

    private boolean versionExists(TrainingRun run) {
        try {
            registry.version(run.model(), String.valueOf(run.version()));
            return true;
        } catch (TidemillException e) {
            return false;
        }
    }

    private static Training parse(String document) {
        ParsedSpec parsed = SpecParser.parseDocument("training", document);
        Problems problems = new Problems();
        problems.addAll(parsed.problems());
        problems.throwIfAny();
        List<Resource> resources = parsed.resources();
        if (resources.size() == 1 && resources.getFirst() instanceof Training training) {
            return training;
        }
        throw new TidemillException(
                ErrorCode.INVALID_SPEC, "document: 'other' (expected: one Training)");
    }

    private static byte[] read(Path base, String path) {
        Path file = base.resolve(path);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "dataset.path: '%s' (expected: a readable file)".formatted(file),
                    e);
        }
    }
}
