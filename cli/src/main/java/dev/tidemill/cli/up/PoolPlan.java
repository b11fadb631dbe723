package dev.tidemill.cli.up;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What to start and stop so that a pool gets from how it is to how it should be. Pure; called
/// again after every change, so each answer needs only to be a step in the right direction.
///
/// Replicas of an older generation (other model versions) are replaced one at a time, new before
/// old, so that at no moment fewer than the wanted number are ready.
final class PoolPlan {
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    private PoolPlan() {}

    enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    /// @param slot 1, 2, 3, ...: the number in the replica's name
    record ReplicaView(int slot, int generation, Phase phase) {}

    /// @param failedStarts replicas in a row that ended before they were ready
    /// @param sinceLastFailure time since the last of them
    record PoolView(
            int wanted,
            int generation,
            List<ReplicaView> replicas,
            int failedStarts,
            Duration sinceLastFailure) {
        PoolView {
            replicas = List.copyOf(replicas);
        }
    }

    sealed interface Action {
        record Start(int slot) implements Action {}

        record Stop(int slot, String reason) implements Action {}
    }

    static List<Action> plan(PoolView pool) {
        List<ReplicaView> current = new ArrayList<>();
        List<ReplicaView> old = new ArrayList<>();
        for (ReplicaView replica : pool.replicas()) {
            if (replica.phase() != Phase.STOPPING) {
                (replica.generation() == pool.generation() ? current : old).add(replica);
            }
        }
        List<Action> actions = new ArrayList<>();
        stops(pool, current, old, actions);
        starts(pool, current, old, actions);
        return actions;
    }

    /// How long to wait after `failures` starts in a row failed: 250 ms, doubling, at most 10 s.
    static Duration backoff(int failures) {
        if (failures == 0) {
            return Duration.ZERO;
        }
        Duration wait = FIRST_BACKOFF.multipliedBy(1L << Math.min(failures - 1, 10));
        return wait.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : wait;
    }

    private static void stops(
            PoolView pool, List<ReplicaView> current, List<ReplicaView> old, List<Action> actions) {
        Comparator<ReplicaView> unreadyThenNewest =
                Comparator.comparing((ReplicaView replica) -> replica.phase() == Phase.READY)
                        .thenComparing(ReplicaView::slot, Comparator.reverseOrder());
        current.stream()
                .sorted(unreadyThenNewest)
                .limit(Math.max(0, current.size() - pool.wanted()))
                .forEach(r -> actions.add(new Action.Stop(r.slot(), "one fewer is wanted")));
        long ready = current.stream().filter(r -> r.phase() == Phase.READY).count();
        long keep = Math.max(0, pool.wanted() - ready);
        old.stream()
                .sorted(unreadyThenNewest)
                .limit(Math.max(0, old.size() - keep))
                .forEach(r -> actions.add(new Action.Stop(r.slot(), "it serves older versions")));
    }

    private static void starts(
            PoolView pool, List<ReplicaView> current, List<ReplicaView> old, List<Action> actions) {
        if (pool.sinceLastFailure().compareTo(backoff(pool.failedStarts())) < 0) {
            return;
        }
        int missing = pool.wanted() - current.size();
        boolean rolling = !old.isEmpty();
        boolean oneStarts = current.stream().anyMatch(r -> r.phase() == Phase.STARTING);
        int starts = rolling ? Math.min(missing, oneStarts ? 0 : 1) : missing;
        int slot = 1;
        for (int started = 0; started < starts; slot++) {
            int candidate = slot;
            if (pool.replicas().stream().noneMatch(r -> r.slot() == candidate)) {
                actions.add(new Action.Start(candidate));
                started++;
            }
        }
    }
}
