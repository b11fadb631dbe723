package dev.tidemill.server.batching;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.QueuePolicy.TimeoutAction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/// The requests that wait for one model version: strictly by priority, within a level in the order
/// they came, and behind those of their level the ones that have waited too long where the policy
/// only delays them, as in Triton. Not thread-safe.
final class RequestQueue implements Iterable<Waiting> {
    private final DynamicBatching batching;
    private final List<Level> levels = new ArrayList<>();
    private int size;

    /// Whether anything in the queue can expire at all.
    private boolean expiring;

    private record Level(Deque<Waiting> punctual, Deque<Waiting> delayed) {
        Level() {
            this(new ArrayDeque<>(), new ArrayDeque<>());
        }

        int size() {
            return punctual.size() + delayed.size();
        }
    }

    RequestQueue(DynamicBatching batching) {
        this.batching = batching;
        for (int level = 0; level <= Math.max(0, batching.priorityLevels() - 1); level++) {
            levels.add(new Level());
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /// @throws TidemillException `UNAVAILABLE` when its level is full
    void add(Waiting request) {
        Level level = levelOf(request);
        int most = batching.policy(request.priority).maxRequests();
        if (most > 0 && level.size() >= most) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "queue: Exceeds maximum queue size (expected: at most %d waiting requests)"
                            .formatted(most));
        }
        level.punctual.addLast(request);
        size++;
        expiring |= request.expires != Long.MAX_VALUE || request.deadline != Long.MAX_VALUE;
    }

    /// @return whether it was still waiting
    boolean remove(Waiting request) {
        Level level = levelOf(request);
        boolean found = level.punctual.remove(request) || level.delayed.remove(request);
        if (found) {
            size--;
        }
        return found;
    }

    List<Waiting> take(int requests) {
        List<Waiting> taken = new ArrayList<>(requests);
        while (taken.size() < requests) {
            taken.add(pop());
        }
        size -= requests;
        if (size == 0) {
            expiring = false;
        }
        return taken;
    }

    /// Takes out what may not wait any longer, and moves behind the others of its level what may.
    ///
    /// @param run how long a run takes, for deadlines that it would miss
    /// @return those to be refused
    List<Waiting> expire(long now, long run) {
        if (!expiring) {
            return List.of();
        }
        List<Waiting> refused = new ArrayList<>();
        for (Level level : levels) {
            for (Iterator<Waiting> it = level.punctual.iterator(); it.hasNext(); ) {
                Waiting request = it.next();
                if (request.isLate(now, run)) {
                    it.remove();
                    refused.add(request);
                } else if (now >= request.expires) {
                    it.remove();
                    if (request.onExpiry == TimeoutAction.DELAY) {
                        level.delayed.addLast(request);
                    } else {
                        refused.add(request);
                    }
                }
            }
            level.delayed.removeIf(request -> request.isLate(now, run) && refused.add(request));
        }
        size -= refused.size();
        return refused;
    }

    @Override
    public Iterator<Waiting> iterator() {
        if (levels.size() == 1 && levels.getFirst().delayed.isEmpty()) {
            return levels.getFirst().punctual.iterator();
        }
        List<Waiting> all = new ArrayList<>(size);
        for (Level level : levels) {
            all.addAll(level.punctual);
            all.addAll(level.delayed);
        }
        return all.iterator();
    }

    private Level levelOf(Waiting request) {
        return levels.get(Math.max(0, request.priority - 1));
    }

    private Waiting pop() {
        for (Level level : levels) {
            if (level.size() > 0) {
                return level.punctual.isEmpty()
                        ? level.delayed.removeFirst()
                        : level.punctual.removeFirst();
            }
        }
        throw new IllegalStateException("queue: 'empty' (expected: as many as are taken)");
    }
}
