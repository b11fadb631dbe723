package dev.tidemill.cli.up;

import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.TrainingRequest;
import dev.tidemill.client.control.TrainingRun;
import dev.tidemill.client.control.TrainingRun.State;
import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.Trainer;
import dev.tidemill.spec.Training;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Runs a file's trainings in the order that their `after` asks for, one at a time.
public final class Trainings {
    private static final Duration POLL = Duration.ofMillis(50);

    private final ControlClient control;
    private final Function<Training, TrainingRequest> requests;
    private final Narrator narrator;

    /// For a control that reads the data sets where they are.
    Trainings(ControlClient control, Path baseFolder, Narrator narrator) {
        this(
                control,
                training -> new TrainingRequest(training.document(), baseFolder.toString()),
                narrator);
    }

    /// @param requests what control is asked for
    public Trainings(
            ControlClient control,
            Function<Training, TrainingRequest> requests,
            Narrator narrator) {
        this.control = control;
        this.requests = requests;
        this.narrator = narrator;
    }

    /// @throws TidemillException with the run's own words when one fails
    public void run(List<Training> trainings) {
        for (Training training : ordered(trainings)) {
            run(training);
        }
    }

    /// File order, except that what others wait for comes first. The file was checked for cycles.
    static List<Training> ordered(List<Training> trainings) {
        List<Training> order = new ArrayList<>();
        Set<String> done = new HashSet<>();
        while (order.size() < trainings.size()) {
            Training next =
                    trainings.stream()
                            .filter(t -> !done.contains(t.name()))
                            .filter(t -> done.containsAll(t.after()))
                            .findFirst()
                            .orElseThrow(() ->
                                    new IllegalArgumentException("after: a cycle in " + done));
            order.add(next);
            done.add(next.name());
        }
        return order;
    }

    /// One, whatever it comes after.
    ///
    /// @throws TidemillException with the run's own words when it fails: `GATE_FAILED` when it was
    ///   measured and is not good enough
    public void run(Training training) {
        TrainingRun run = control.train(requests.apply(training));
        if (run.state() == State.RUNNING) {
            narrator.say(
                    training.name(),
                    training.trainer() == Trainer.PROGRAM
                            ? "being registered"
                            : "training on " + training.dataset().path());
        }
        while (run.state() == State.RUNNING) {
            LockSupport.parkNanos(POLL.toNanos());
            run = control.run(run.id());
        }
        if (run.state() == State.FAILED) {
            // What was measured was too little; else nothing could be.
            throw new TidemillException(
                    run.metrics().isEmpty() ? ErrorCode.INVALID_REQUEST : ErrorCode.GATE_FAILED,
                    "Training/%s: %s".formatted(training.name(), run.message()));
        }
        narrator.say(training.name(), sentence(training, run));
    }

    private static String sentence(Training training, TrainingRun run) {
        String metrics = metrics(training, run);
        String version = run.model() + " version " + run.version();
        return run.reused()
                ? "nothing to train: same file and data as %s (%s)".formatted(version, metrics)
                : "trained %s in %s: %s"
                        .formatted(
                                version,
                                DurationText.format(Duration.between(run.started(), run.ended())),
                                metrics);
    }

    /// Of a program of somebody's own nobody knows what its numbers mean.
    private static String metrics(Training training, TrainingRun run) {
        if (training.trainer() == Trainer.PROGRAM) {
            return run.metrics().isEmpty()
                    ? "nothing measured"
                    : new TreeMap<>(run.metrics())
                            .entrySet().stream()
                                    .map(one -> one.getKey() + " " + one.getValue())
                                    .collect(Collectors.joining(", "));
        }
        return String.format(
                Locale.ROOT,
                "accuracy %.2f %%, precision %.2f %%, recall %.2f %%",
                100 * run.metrics().getOrDefault("accuracy", 0.0),
                100 * run.metrics().getOrDefault("precision", 0.0),
                100 * run.metrics().getOrDefault("recall", 0.0));
    }
}
