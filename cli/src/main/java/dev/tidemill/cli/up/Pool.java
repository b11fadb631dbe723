package dev.tidemill.cli.up;

import dev.tidemill.cli.up.PoolPlan.Phase;
import dev.tidemill.cli.up.PoolPlan.PoolView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The replicas that serve one set of models, or run one app. Confined to the [Loop].
final class Pool {
    /// A replica that lived this long is not in a crash loop.
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private final PoolSpec spec;
    private final List<Replica> replicas = new ArrayList<>();
    private List<ServedModel> models = List.of();
    private int generation;
    private final Map<String, Integer> wanted = new LinkedHashMap<>();
    private int failedStarts;
    private final Map<String, Double> startSeconds = new HashMap<>();
    private long lastFailureNanos;

    Pool(PoolSpec spec) {
        this.spec = spec;
        spec.scaling().kinds().forEach(kind -> wanted.put(kind.name(), 0));
        // One to begin with even where it may sleep: what cannot serve is found out at once.
        wanted.put(
                wanted.isEmpty() ? "" : spec.scaling().kinds().getFirst().name(),
                Math.max(1, spec.scaling().min()));
    }

    PoolSpec spec() {
        return spec;
    }

    List<ServedModel> models() {
        return models;
    }

    int generation() {
        return generation;
    }

    /// Of replicas; an empty one where there is one kind.
    List<String> kinds() {
        return List.copyOf(wanted.keySet());
    }

    /// Of all kinds.
    int wanted() {
        return wanted.values().stream().mapToInt(Integer::intValue).sum();
    }

    int wanted(String kind) {
        return wanted.getOrDefault(kind, 0);
    }

    int failedStarts() {
        return failedStarts;
    }

    List<Replica> replicas() {
        return List.copyOf(replicas);
    }

    List<Replica> ready() {
        return replicas.stream().filter(r -> r.phase() == Phase.READY).toList();
    }

    int ready(String kind) {
        return (int) ready().stream().filter(r -> r.kind().equals(kind)).count();
    }

    void want(String kind, int count) {
        wanted.put(kind, count);
    }

    /// @return whether that changed anything; replicas of other versions are then outdated
    boolean serve(List<ServedModel> resolved) {
        if (resolved.equals(models)) {
            return false;
        }
        models = List.copyOf(resolved);
        generation++;
        failedStarts = 0;
        return true;
    }

    /// What needs no versions to be known runs from now on.
    void begin() {
        generation = Math.max(1, generation);
    }

    /// One could not even be started.
    void neverStarted(long nowNanos) {
        failedStarts++;
        lastFailureNanos = nowNanos;
    }

    void add(Replica replica) {
        replicas.add(replica);
    }

    Optional<Replica> inSlot(String kind, int slot) {
        return replicas.stream().filter(r -> r.kind().equals(kind) && r.slot() == slot).findFirst();
    }

    void becameReady(Replica replica, long nowNanos) {
        replica.becameReady();
        startSeconds.put(replica.kind(), (nowNanos - replica.startedNanos()) / 1e9);
    }

    /// That the newest replica of a kind took until it served; not-a-number before the first.
    double startSeconds(String kind) {
        return startSeconds.getOrDefault(kind, Double.NaN);
    }

    /// Forgets a replica whose process is gone.
    void gone(Replica replica, long nowNanos) {
        replicas.remove(replica);
        boolean settled = nowNanos - replica.startedNanos() > SETTLED.toNanos();
        if (replica.phase() == Phase.STARTING || (replica.phase() == Phase.READY && !settled)) {
            failedStarts++;
            lastFailureNanos = nowNanos;
        } else {
            failedStarts = 0;
        }
    }

    /// Of the replicas of one kind.
    PoolView view(String kind, long nowNanos) {
        return new PoolView(
                wanted(kind),
                generation,
                replicas.stream().filter(r -> r.kind().equals(kind)).map(Replica::view).toList(),
                failedStarts,
                Duration.ofNanos(nowNanos - lastFailureNanos));
    }
}
