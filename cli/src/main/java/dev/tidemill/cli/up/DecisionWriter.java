package dev.tidemill.cli.up;

import dev.tidemill.autoscale.DecisionLog;
import dev.tidemill.autoscale.WaitingDecisions;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.common.TidemillException;
import java.util.List;
import java.util.function.Supplier;

/// Hands decisions to control, a second's at a time. While control is away they wait, the oldest
/// going first when there are too many; scaling never waits for it. Any thread.
final class DecisionWriter implements DecisionLog {
    private static final System.Logger LOG = System.getLogger(DecisionWriter.class.getName());
    private static final int MOST = 1_000;

    private final Supplier<ControlClient> control;
    private final WaitingDecisions waiting = new WaitingDecisions(MOST);

    /// When so many are lost it is said again; of the thread that writes.
    private long next = 1;

    /// @param control may throw while it is being restarted
    DecisionWriter(Supplier<ControlClient> control) {
        this.control = control;
    }

    @Override
    public void add(ScalingDecision decision) {
        waiting.add(decision);
    }

    /// Writes what waits. Called by one thread at a time.
    ///
    /// @throws TidemillException when control does not take it; it then goes on waiting
    void write() {
        List<ScalingDecision> batch = waiting.take();
        if (batch.isEmpty()) {
            return;
        }
        try {
            control.get().decided(batch);
        } catch (RuntimeException e) {
            waiting.giveBack(batch);
            tell();
            throw e;
        }
    }

    /// The last ones, at the end.
    void flush() {
        try {
            write();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the last decisions are lost", e);
        }
    }

    private void tell() {
        long dropped = waiting.dropped();
        if (dropped >= next) {
            next = dropped + MOST;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "control takes no decisions: the oldest are dropped");
        }
    }
}
