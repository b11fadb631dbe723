package dev.tidemill.operator.scale;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.autoscale.DecisionLog;
import dev.tidemill.autoscale.WaitingDecisions;
import dev.tidemill.client.control.DecisionList;
import dev.tidemill.client.control.ScalingDecision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The newest decisions of one pool, kept in the cluster for whoever asks why: they outlive the
/// operator and need nobody's token to be written. What changed something is kept for longer than
/// what did not. Scaling never waits for it: decisions queue up, and the oldest are dropped.
final class KeptDecisions implements DecisionLog {
    /// Those that changed something.
    static final int ORDERS = 40;

    /// Those that did not.
    static final int OTHERS = 10;

    private static final System.Logger LOG = System.getLogger(KeptDecisions.class.getName());
    private static final int WAITING = 100;
    private static final long SOON_NANOS = 5_000_000_000L;
    private static final long LATER_NANOS = 60_000_000_000L;

    private final String namespace;
    private final String pool;
    private final DecisionShelf shelf;
    private final JsonMapper json;
    private final LongSupplier nanos;
    private final WaitingDecisions waiting = new WaitingDecisions(WAITING);
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean writing;

    @GuardedBy("lock")
    private long writtenAt;

    /// What is on the shelf, oldest first; of the thread that writes.
    private List<ScalingDecision> kept = List.of();

    private boolean read;

    KeptDecisions(
            String namespace,
            String pool,
            DecisionShelf shelf,
            JsonMapper json,
            LongSupplier nanos) {
        this.namespace = namespace;
        this.pool = pool;
        this.shelf = shelf;
        this.json = json;
        this.nanos = nanos;
        this.writtenAt = nanos.getAsLong() - SOON_NANOS;
    }

    @Override
    public void add(ScalingDecision decision) {
        waiting.add(decision);
    }

    /// So many were lost because the API server took none.
    long dropped() {
        return waiting.dropped();
    }

    /// Whether there is something to write by now, and nobody at it: then the caller has to
    /// [#write].
    boolean begin() {
        lock.lock();
        try {
            List<ScalingDecision> all = waiting.all();
            boolean orders = all.stream().anyMatch(ScalingDecision::changes);
            long since = nanos.getAsLong() - writtenAt;
            boolean due = !all.isEmpty() && since >= (orders ? SOON_NANOS : LATER_NANOS);
            if (!due || writing) {
                return false;
            }
            writing = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Writes what waits. Called after [#begin] said so.
    void write() {
        List<ScalingDecision> batch = waiting.take();
        boolean done = false;
        try {
            if (!read) {
                kept = shelf.get(namespace, pool).map(this::parsed).orElse(List.of());
                read = true;
            }
            List<ScalingDecision> all = new ArrayList<>(kept);
            all.addAll(batch);
            List<ScalingDecision> newest = newest(all);
            shelf.put(namespace, pool, json.writeValueAsString(new DecisionList(newest)));
            kept = newest;
            done = true;
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}/{1}: decisions wait, {2} were dropped: {3}",
                    namespace,
                    pool,
                    dropped(),
                    e.getMessage());
        } finally {
            end(done ? List.of() : batch);
        }
    }

    private List<ScalingDecision> parsed(String text) {
        try {
            return json.readValue(text, DecisionList.class).decisions();
        } catch (JacksonException e) {
            // Somebody else's text, or a later release's: ours begins anew.
            return List.of();
        }
    }

    /// @param all oldest first
    static List<ScalingDecision> newest(List<ScalingDecision> all) {
        Deque<ScalingDecision> newest = new ArrayDeque<>();
        int orders = 0;
        int others = 0;
        for (ScalingDecision each : all.reversed()) {
            int before = each.changes() ? orders++ : others++;
            if (before < (each.changes() ? ORDERS : OTHERS)) {
                newest.addFirst(each);
            }
        }
        return List.copyOf(newest);
    }

    private void end(List<ScalingDecision> back) {
        waiting.giveBack(back);
        lock.lock();
        try {
            writtenAt = nanos.getAsLong();
            writing = false;
        } finally {
            lock.unlock();
        }
    }
}
