package dev.tidemill.cli.cluster;

import dev.tidemill.cli.up.Narrator;
import dev.tidemill.cli.up.Trainings;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.ProgramResult;
import dev.tidemill.client.control.TrainingRequest;
import dev.tidemill.common.ByteSize;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.Gate;
import dev.tidemill.spec.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// One training from within a cluster: its data set is sent to control, which trains and registers;
/// or what its own program made is, which control judges and registers.
///
/// @param folder where the data set's path starts
/// @param output of the program; empty where control trains
public record JobTraining(
        ControlClient control, Path folder, Optional<Path> output, Narrator narrator) {
    private static final long BETWEEN_NANOS = 500_000_000;
    private static final int REGISTERINGS = 5;
    private static final long PAUSE_NANOS = 2_000_000_000;

    /// What control will not say otherwise of the same.
    private static final Set<ErrorCode> FINAL =
            Set.of(ErrorCode.GATE_FAILED, ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_SPEC);

    /// @param tries of a control that does not answer yet
    /// @throws TidemillException with control's own words when the training fails
    public void run(Training training, int tries) {
        if (output.isEmpty()) {
            awaitControl(tries);
            TrainingRequest request =
                    new ClusterModels(control, folder, narrator).request(training);
            new Trainings(control, _ -> request, narrator).run(training);
            return;
        }
        ProgramOutput made = ProgramOutput.in(output.get());
        requireMetrics(training, made);
        register(training, made, tries);
    }

    /// What control does not take at once it is given again, for with this pod goes all that the
    /// program worked for. The same result is registered once.
    private void register(Training training, ProgramOutput made, int tries) {
        for (int left = REGISTERINGS; ; left--) {
            try {
                awaitControl(tries);
                // Made anew each time: control may have lost the model that it was sent.
                TrainingRequest request = request(training, made);
                new Trainings(control, _ -> request, narrator).run(training);
                return;
            } catch (TidemillException e) {
                if (FINAL.contains(e.code()) || left <= 1) {
                    throw e;
                }
                narrator.say(training.name(), "will be sent again: " + e.getMessage());
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    /// Known before anything is sent, and the same however often the program is run.
    private static void requireMetrics(Training training, ProgramOutput made) {
        if (!training.gates().isEmpty() && made.metrics().isEmpty()) {
            throw new TidemillException(
                    ErrorCode.GATE_FAILED,
                    "Training/%s: metrics.json: 'missing' (expected: %s, which its gates ask for)"
                            .formatted(
                                    training.name(),
                                    training.gates().stream()
                                            .map(Gate::metric)
                                            .collect(Collectors.joining(", "))));
        }
    }

    private TrainingRequest request(Training training, ProgramOutput made) {
        try {
            String digest = Digest.of(made.onnx()).value();
            if (!control.hasData(digest)) {
                var _ = control.putData(digest, made.onnx());
                narrator.say(
                        training.name(),
                        "sent %s (%s)"
                                .formatted(
                                        made.onnx().getFileName(),
                                        new ByteSize(Files.size(made.onnx()))));
            }
            Path dataset = folder.resolve(training.dataset().path());
            return new TrainingRequest(
                    training.document(),
                    "",
                    Optional.empty(),
                    Optional.of(
                            new ProgramResult(
                                    digest,
                                    made.manifest(),
                                    made.metrics(),
                                    Files.isRegularFile(dataset)
                                            ? Digest.of(dataset).value()
                                            : "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitControl(int tries) {
        for (int left = tries; ; left--) {
            try {
                var _ = control.models();
                return;
            } catch (TidemillException e) {
                if (e.code() != ErrorCode.UPSTREAM_FAILED || left <= 1) {
                    throw e;
                }
                LockSupport.parkNanos(this, BETWEEN_NANOS);
            }
        }
    }
}
