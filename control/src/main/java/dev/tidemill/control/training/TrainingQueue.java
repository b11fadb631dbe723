package dev.tidemill.control.training;

import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.client.control.ProgramResult;
import dev.tidemill.client.control.TrainingRequest;
import dev.tidemill.client.control.TrainingRun;
import dev.tidemill.client.control.TrainingRun.State;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.Problems;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.registry.ModelRegistry;
import dev.tidemill.control.registry.RunLog;
import dev.tidemill.http.Json;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.spec.ParsedSpec;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.Trainer;
import dev.tidemill.spec.Training;
import dev.tidemill.stores.spi.ArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Takes trainings and runs them one after the other. A training whose specification and data
/// succeeded before is answered by that run. Of a program of somebody's own only the result comes
/// here, which is judged and registered in the same way.
public final class TrainingQueue implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TrainingQueue.class.getName());
    private static final int WAITING = 32;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final String NO_REPORT = "{}";
    private static final String NOTHING_TO_TRAIN = "nothing to train: same specification and data";

    private final RunLog runs;
    private final ModelRegistry registry;
    private final ArtifactStore artifacts;
    private final TrainingRunner runner;
    private final ResultRunner results;
    private final DataSets dataSets;
    private final boolean mayReadFiles;
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
    /// @param mayReadFiles whether callers may name files of this machine
    /// @param nanos monotonic clock
    /// @param ids makes ids of runs
    public TrainingQueue(
            RunLog runs,
            ModelRegistry registry,
            ArtifactStore artifacts,
            ModelRuntime runtime,
            Path scratch,
            DataSets dataSets,
            boolean mayReadFiles,
            InstantSource clock,
            LongSupplier nanos,
            Supplier<String> ids) {
        this.runs = runs;
        this.registry = registry;
        this.artifacts = artifacts;
        this.runner = new TrainingRunner(artifacts, runtime, scratch, nanos);
        this.results = new ResultRunner(artifacts, runtime, scratch, dataSets);
        this.dataSets = dataSets;
        this.mayReadFiles = mayReadFiles;
        this.clock = clock;
        this.ids = ids;
    }

    /// @return the run that will make the model, that makes it now, or that made it earlier
    /// @throws TidemillException `INVALID_SPEC`, `NOT_FOUND` for the data, `OVERLOADED`
    public TrainingRun submit(TrainingRequest request) {
        Training training = parse(request.document());
        Work work =
                training.trainer() == Trainer.PROGRAM
                        ? result(training, ResultRunner.checked(request.result()))
                        : fit(training, content(request, training));
        Optional<TrainingRun> earlier = runs.succeeded(work.input().value()).filter(this::isWhole);
        if (earlier.isPresent()) {
            request.result().ifPresent(result -> dataSets.forget(new Digest(result.model())));
            return reused(training, earlier.get());
        }
        TrainingRun run = begun(training, work.input().value());
        Optional<TrainingRun> underWay = runs.begin(run);
        if (underWay.isPresent()) {
            request.result().ifPresent(result -> dataSets.forget(new Digest(result.model())));
            return underWay.get();
        }
        try {
            work.claim().accept(run.id());
            worker.execute(() -> finish(run, training, work));
        } catch (TidemillException e) {
            failed(run, String.valueOf(e.getMessage()));
            throw e;
        } catch (RejectedExecutionException e) {
            results.release(run.id());
            runs.end(ended(run, State.FAILED, "too many trainings wait", Map.of(), 0), NO_REPORT);
            throw new TidemillException(
                    ErrorCode.OVERLOADED,
                    "trainings: '%d waiting' (expected: fewer; try again later)".formatted(WAITING),
                    e);
        }
        return run;
    }

    /// Stops the training that runs, which is then written down as failed; forgets those that wait.
    @Override
    public void close() {
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "a training does not stop; left to its fate");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is to be done for a run.
    ///
    /// @param input what its result depends on
    /// @param claim what the run with that id needs for itself
    /// @param outcome of the run with that id
    private record Work(Digest input, Consumer<String> claim, Function<String, Outcome> outcome) {}

    private Work fit(Training training, byte[] content) {
        Digest data = Digest.of(content);
        return new Work(
                InputDigest.of(training, data),
                _ -> {},
                run -> runner.run(run, training, content, data));
    }

    private Work result(Training training, ProgramResult result) {
        return new Work(
                InputDigest.of(training, result),
                run -> results.claim(run, training, result),
                run -> results.run(run, training, result));
    }

    private void finish(TrainingRun run, Training training, Work work) {
        try {
            switch (work.outcome().apply(run.id())) {
                case Outcome.Passed passed ->
                        registry.register(
                                passed.version(),
                                training.registers().alias(),
                                version -> succeeded(run, version),
                                report(passed));
                case Outcome.Missed missed ->
                        runs.end(
                                ended(run, State.FAILED, missed.message(), missed.metrics(), 0),
                                report(missed));
            }
        } catch (TidemillException e) {
            failed(run, String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            // Whatever it was, an error of the machine included: the run must not seem to go on.
            LOG.log(System.Logger.Level.ERROR, "training " + training.name(), e);
            failed(run, "it broke: " + e);
        } finally {
            results.release(run.id());
        }
    }

    private void failed(TrainingRun run, String message) {
        // Or the database would not be talked to when this thread was interrupted to end it.
        boolean interrupted = Thread.interrupted();
        try {
            runs.end(ended(run, State.FAILED, message, Map.of(), 0), NO_REPORT);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String report(Outcome outcome) {
        return Json.MAPPER.writeValueAsString(new Report(outcome.folds()));
    }

    /// What is kept of a run beside its metrics.
    record Report(List<FoldReport> folds) {}

    private TrainingRun begun(Training training, String input) {
        Instant now = clock.instant();
        return new TrainingRun(
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
    }

    private TrainingRun succeeded(TrainingRun run, ModelVersion version) {
        return ended(
                run,
                State.SUCCEEDED,
                "registered %s version %d".formatted(version.name(), version.version()),
                version.metrics(),
                version.version());
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

    /// The alias is left where it is, for somebody may have promoted another version since; unless
    /// the file went back to what made the earlier run, which asks for its version again.
    private TrainingRun reused(Training training, TrainingRun run) {
        boolean wentBack =
                runs.newest(training.name())
                        .filter(newest -> !newest.inputDigest().equals(run.inputDigest()))
                        .isPresent();
        if (wentBack) {
            runs.repeated(succeededAgain(run));
        }
        training.registers()
                .alias()
                .filter(alias -> wentBack || !registry.hasAlias(run.model(), alias))
                .ifPresent(alias -> registry.setAlias(run.model(), alias, run.version()));
        return new TrainingRun(
                run.id(),
                run.training(),
                run.state(),
                run.inputDigest(),
                true,
                NOTHING_TO_TRAIN,
                run.started(),
                run.ended(),
                run.metrics(),
                run.model(),
                run.version());
    }

    private TrainingRun succeededAgain(TrainingRun run) {
        Instant now = clock.instant();
        return new TrainingRun(
                ids.get(),
                run.training(),
                State.SUCCEEDED,
                run.inputDigest(),
                false,
                NOTHING_TO_TRAIN,
                now,
                now,
                run.metrics(),
                run.model(),
                run.version());
    }

    /// Whether what a run made can still be served.
    private boolean isWhole(TrainingRun run) {
        try {
            ModelVersion version = registry.version(run.model(), String.valueOf(run.version()));
            artifacts.open(new Digest(version.digest()));
            return true;
        } catch (TidemillException e) {
            LOG.log(System.Logger.Level.WARNING, "training again: " + e.getMessage());
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

    private byte[] content(TrainingRequest request, Training training) {
        if (request.data().isPresent()) {
            return dataSets.read(DataSets.digest(request.data().get()));
        }
        if (!mayReadFiles) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "data: 'missing' (expected: the digest of a data set that was sent before:"
                            + " callers from other machines cannot name files of this one)");
        }
        return read(Path.of(request.baseDirectory()), training.dataset().path());
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
