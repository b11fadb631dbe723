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

/// The requests that wait for one model version: strictly by priority, in the order they came, and
/// after all of them those that have waited too long where the policy only delays them. Not
/// thread-safe.
final class RequestQueue implements Iterable<Waiting> {
    private final DynamicBatching batching;
    private final List<Deque<Waiting>> levels = new ArrayList<>();
    private final Deque<Waiting> delayed = new ArrayDeque<>();
    private int size;

    /// Whether anything in the queue can expire at all.
    private boolean expiring;

    RequestQueue(DynamicBatching batching) {
        this.batching = batching;
        for (int level = 0; level <= Math.max(0, batching.priorityLevels() - 1); level++) {
            levels.add(new ArrayDeque<>());
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
        Deque<Waiting> level = levels.get(Math.max(0, request.priority - 1));
        int most = batching.policy(request.priority).maxRequests();
        if (most > 0 && level.size() >= most) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "queue: Exceeds maximum queue size (expected: at most %d waiting requests)"
                            .formatted(most));
        }
        level.addLast(request);
        size++;
        expiring |= request.expires != Long.MAX_VALUE || request.deadline != Long.MAX_VALUE;
    }

    /// @return whether it was still waiting
    boolean remove(Waiting request) {
        boolean found =
                levels.get(Math.max(0, request.priority - 1)).remove(request)
                        || delayed.remove(request);
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

    /// Takes out what may not wait any longer, and moves behind the others what may.
    ///
    /// @param run how long a run takes, for deadlines that it would miss
    /// @return those to be refused
    List<Waiting> expire(long now, long run) {
        if (!expiring) {
            return List.of();
        }
        List<Waiting> refused = new ArrayList<>();
        for (Deque<Waiting> level : levels) {
            for (Iterator<Waiting> it = level.iterator(); it.hasNext(); ) {
                Waiting request = it.next();
                if (request.isLate(now, run)) {
                    it.remove();
                    refused.add(request);
                } else if (now >= request.expires) {
                    it.remove();
                    if (request.onExpiry == TimeoutAction.DELAY) {
                        delayed.addLast(request);
                    } else {
                        refused.add(request);
                    }
                }
            }
        }
        delayed.removeIf(request -> request.isLate(now, run) && refused.add(request));
        size -= refused.size();
        return refused;
    }

    @Override
    public Iterator<Waiting> iterator() {
        if (levels.size() == 1 && delayed.isEmpty()) {
            return levels.getFirst().iterator();
        }
        List<Waiting> all = new ArrayList<>(size);
        levels.forEach(all::addAll);
        all.addAll(delayed);
        return all.iterator();
    }

    private Waiting pop() {
        for (Deque<Waiting> level : levels) {
            if (!level.isEmpty()) {
                return level.removeFirst();
            }
        }
        return delayed.removeFirst();
    }
}
