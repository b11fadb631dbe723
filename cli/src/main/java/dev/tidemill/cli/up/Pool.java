package dev.tidemill.cli.up;

import dev.tidemill.cli.up.PoolPlan.Phase;
import dev.tidemill.cli.up.PoolPlan.PoolView;
import dev.tidemill.spec.ModelPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The replicas that serve one set of models. Confined to the [Loop].
final class Pool {
    /// A replica that lived this long is not in a crash loop.
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private final ModelPool spec;
    private final List<Replica> replicas = new ArrayList<>();
    private List<ServedModel> models = List.of();
    private int generation;
    private int wanted;
    private int failedStarts;
    private double startSeconds = Double.NaN;
    private long lastFailureNanos;

    Pool(ModelPool spec) {
        this.spec = spec;
        // One to begin with even where it may sleep: what cannot serve is found out at once.
        this.wanted = Math.max(1, spec.scaling().min());
    }

    ModelPool spec() {
        return spec;
    }

    List<ServedModel> models() {
        return models;
    }

    int generation() {
        return generation;
    }

    int wanted() {
        return wanted;
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

    void want(int count) {
        wanted = count;
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

    void add(Replica replica) {
        replicas.add(replica);
    }

    Optional<Replica> inSlot(int slot) {
        return replicas.stream().filter(r -> r.slot() == slot).findFirst();
    }

    void becameReady(Replica replica, long nowNanos) {
        replica.becameReady();
        startSeconds = (nowNanos - replica.startedNanos()) / 1e9;
    }

    /// That the newest replica took until it served; not-a-number before the first.
    double startSeconds() {
        return startSeconds;
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

    PoolView view(long nowNanos) {
        return new PoolView(
                wanted,
                generation,
                replicas.stream().map(Replica::view).toList(),
                failedStarts,
                Duration.ofNanos(nowNanos - lastFailureNanos));
    }
}
