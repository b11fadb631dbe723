package dev.tidemill.cli.cluster;

import dev.tidemill.cli.up.Narrator;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// One training from within a cluster: its data set is sent to control, which trains and registers.
///
/// @param folder where the data set's path starts
public record JobTraining(ControlClient control, Path folder, Narrator narrator) {
    private static final long BETWEEN_NANOS = 500_000_000;

    /// @param tries of a control that does not answer yet
    /// @throws TidemillException with control's own words when the training fails
    public void run(Training training, int tries) {
        awaitControl(tries);
        new ClusterModels(control, folder, narrator).bring(List.of(), List.of(training));
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
