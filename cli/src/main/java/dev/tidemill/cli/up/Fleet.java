package dev.tidemill.cli.up;

import static java.util.Objects.requireNonNull;

import dev.tidemill.autoscale.KindsTarget;
import dev.tidemill.autoscale.ScalingTarget;
import dev.tidemill.cli.process.ChildEvent;
import dev.tidemill.cli.process.ChildProcess;
import dev.tidemill.cli.up.PoolPlan.Action;
import dev.tidemill.cli.up.PoolPlan.Phase;
import dev.tidemill.common.DurationText;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.scaling.Scaling;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Every pool's replicas: brings them to what is wanted, replaces those that end or hang, and tells
/// who is ready. Confined to the [Loop]. The steps themselves come from [PoolPlan].
final class Fleet {
    private static final int MISSED_PROBES = 3;

    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Children children;
    private final AppLauncher apps;
    private final Loop loop;
    private final Narrator narrator;
    private final LongSupplier nanos;
    private final long maxBodyBytes;
    private final boolean speaksGrpc;
    private final Supplier<String> gatewayUrl;
    private final Runnable readyChanged;
    private boolean stopped;

    /// @param gatewayUrl known once the gateway is ready, after which apps are started
    /// @param readyChanged called whenever the set of ready replicas or served versions changed
    Fleet(
            List<PoolSpec> specs,
            Children children,
            AppLauncher apps,
            Loop loop,
            Narrator narrator,
            LongSupplier nanos,
            long maxBodyBytes,
            boolean speaksGrpc,
            Supplier<String> gatewayUrl,
            Runnable readyChanged) {
        specs.forEach(spec -> pools.put(spec.name(), new Pool(spec)));
        this.children = children;
        this.apps = apps;
        this.loop = loop;
        this.narrator = narrator;
        this.nanos = nanos;
        this.maxBodyBytes = maxBodyBytes;
        this.speaksGrpc = speaksGrpc;
        this.gatewayUrl = gatewayUrl;
        this.readyChanged = readyChanged;
    }

    List<Pool> pools() {
        return List.copyOf(pools.values());
    }

    /// Serves other versions from now on; replicas are replaced one at a time.
    void serve(String pool, List<ServedModel> models) {
        Pool changed = pool(pool);
        boolean first = changed.generation() == 0;
        if (changed.serve(models)) {
            if (!first) {
                models.forEach(m -> narrator.say(m.name(), "now serves version " + m.version()));
            }
            reconcile(changed);
        }
    }

    /// Starts the apps.
    void runApps() {
        for (Pool pool : pools.values()) {
            if (pool.spec() instanceof PoolSpec.Programs) {
                pool.begin();
                reconcile(pool);
            }
        }
    }

    boolean allReady() {
        return pools.values().stream().allMatch(pool -> pool.ready().size() >= pool.wanted());
    }

    /// Replicas that ended before they were ready, in a row, of the worst pool.
    int failedStarts() {
        return pools.values().stream().mapToInt(Pool::failedStarts).max().orElse(0);
    }

    /// Of its kinds together, where it has some.
    ScalingTarget target(String name) {
        Pool pool = pool(name);
        Scaling scaling = pool.spec().scaling();
        if (scaling.kinds().isEmpty()) {
            return new PoolTarget(pool, "");
        }
        return new KindsTarget(
                name,
                scaling.kinds().stream()
                        .map(kind -> new KindsTarget.Part(kind, new PoolTarget(pool, kind.name())))
                        .toList(),
                scaling.spotShare(),
                nanos);
    }

    /// From now on nothing is started.
    List<ChildProcess> release() {
        stopped = true;
        List<ChildProcess> running = new ArrayList<>();
        for (Pool pool : pools.values()) {
            for (Replica replica : pool.replicas()) {
                replica.stopping();
                running.add(replica.child());
            }
        }
        return running;
    }

    /// Takes the result of one health probe.
    void probed(String pool, String replicaName, boolean answered) {
        Optional<Replica> found =
                pool(pool).ready().stream().filter(r -> r.name().equals(replicaName)).findFirst();
        if (found.isPresent() && found.get().probed(answered) >= MISSED_PROBES && !stopped) {
            Replica hung = found.get();
            narrator.say(
                    pool,
                    "%s (pid %d) did not answer %d health checks: replacing it"
                            .formatted(hung.name(), hung.child().pid(), MISSED_PROBES));
            hung.stopping();
            readyChanged.run();
            hung.child().kill();
        }
    }

    private Pool pool(String name) {
        return requireNonNull(pools.get(name), name);
    }

    private void reconcile(Pool pool) {
        if (stopped || pool.generation() == 0) {
            return;
        }
        for (String kind : pool.kinds()) {
            for (Action action : PoolPlan.plan(pool.view(kind, nanos.getAsLong()))) {
                switch (action) {
                    case Action.Start(int slot) -> start(pool, kind, slot);
                    case Action.Stop(int slot, _) ->
                            pool.inSlot(kind, slot).ifPresent(replica -> stop(pool, replica));
                }
            }
        }
    }

    private void start(Pool pool, String kind, int slot) {
        String name = pool.spec().name() + (kind.isEmpty() ? "" : "." + kind) + "-" + slot;
        ChildProcess child;
        try {
            child = child(pool, kind, name);
        } catch (UncheckedIOException e) {
            neverStarted(pool, name, e);
            return;
        }
        Replica replica = new Replica(kind, slot, pool.generation(), child, nanos.getAsLong());
        pool.add(replica);
        loop.after(pool.spec().startLimit(), () -> tooSlow(pool, replica));
    }

    private ChildProcess child(Pool pool, String kind, String name) {
        return switch (pool.spec()) {
            case PoolSpec.Servers servers ->
                    children.start(
                            "server",
                            name,
                            ReplicaFlags.of(servers.resources(kind)),
                            Wire.server(name, pool.models(), maxBodyBytes, speaksGrpc),
                            (from, event) -> on(pool, from, event));
            case PoolSpec.Programs(App app) ->
                    apps.start(app, name, gatewayUrl.get(), (from, event) -> on(pool, from, event));
        };
    }

    private void neverStarted(Pool pool, String name, UncheckedIOException why) {
        pool.neverStarted(nanos.getAsLong());
        narrator.say(
                pool.spec().name(), "%s cannot be started: %s".formatted(name, why.getMessage()));
        again(pool);
        readyChanged.run();
    }

    /// Tries once more, the later the more often it failed.
    private void again(Pool pool) {
        Duration wait = PoolPlan.backoff(pool.failedStarts());
        if (!wait.isZero()) {
            loop.after(wait, () -> reconcile(pool));
        }
    }

    /// A model that cannot be loaded leaves its server up to say why, and never ready.
    private void tooSlow(Pool pool, Replica replica) {
        if (replica.phase() == Phase.STARTING && replica.child().alive() && !stopped) {
            narrator.say(
                    pool.spec().name(),
                    "%s (pid %d) was not ready after %d s: ending it; 'tidemill logs %s' says why"
                            .formatted(
                                    replica.name(),
                                    replica.child().pid(),
                                    pool.spec().startLimit().toSeconds(),
                                    replica.name()));
            replica.child().kill();
        }
    }

    private void stop(Pool pool, Replica replica) {
        boolean wasReady = replica.phase() == Phase.READY;
        replica.stopping();
        if (wasReady) {
            readyChanged.run();
        }
        Thread.ofVirtual()
                .name("stop-" + replica.name())
                .start(() -> {
                    LockSupport.parkNanos(wasReady ? pool.spec().pause().toNanos() : 0);
                    replica.child().stop(pool.spec().grace());
                });
    }

    private void on(Pool pool, ChildProcess from, ChildEvent event) {
        Optional<Replica> found =
                pool.replicas().stream().filter(r -> r.child() == from).findFirst();
        if (found.isEmpty()) {
            return;
        }
        Replica replica = found.get();
        switch (event) {
            case ChildEvent.Listening(int port) -> replica.listeningOn(port);
            case ChildEvent.GrpcListening(int port) -> replica.speaksGrpcOn(port);
            case ChildEvent.AdminListening _ -> {}
            case ChildEvent.Ready() -> {
                pool.becameReady(replica, nanos.getAsLong());
                narrator.say(pool.spec().name(), readySentence(replica));
                readyChanged.run();
            }
            case ChildEvent.Exited(int code) -> exited(pool, replica, code);
        }
        reconcile(pool);
    }

    private String readySentence(Replica replica) {
        Duration took = Duration.ofNanos(nanos.getAsLong() - replica.startedNanos());
        return "%s ready on port %d after %s (pid %d)"
                .formatted(
                        replica.name(),
                        replica.port(),
                        DurationText.format(took),
                        replica.child().pid());
    }

    private void exited(Pool pool, Replica replica, int code) {
        boolean wanted = replica.phase() != Phase.STOPPING;
        boolean wasReady = replica.phase() == Phase.READY;
        pool.gone(replica, nanos.getAsLong());
        if (wanted && !stopped) {
            narrator.say(
                    pool.spec().name(),
                    "%s (pid %d) ended with code %d%s: starting another"
                            .formatted(
                                    replica.name(),
                                    replica.child().pid(),
                                    code,
                                    wasReady ? "" : " before it was ready"));
            again(pool);
        }
        readyChanged.run();
    }

    /// Entries of the gateway's table: every model with the ready replicas of its pool, every app
    /// with its own.
    List<Wire.ModelEntry> table() {
        List<Wire.ModelEntry> entries = new ArrayList<>();
        for (Pool pool : pools.values()) {
            List<Wire.ReplicaEntry> ready =
                    pool.ready().stream()
                            .map(r ->
                                    new Wire.ReplicaEntry(
                                            r.name(), r.address().toString(), r.grpcPort()))
                            .toList();
            if (pool.spec() instanceof PoolSpec.Programs(App app)) {
                entries.add(
                        new Wire.ModelEntry(app.name(), app.name(), ready, Optional.empty(), true));
            }
            for (Model model : pool.spec().models()) {
                Optional<String> version =
                        pool.models().stream()
                                .filter(served -> served.name().equals(model.name()))
                                .map(ServedModel::digest)
                                .findFirst();
                entries.add(
                        new Wire.ModelEntry(
                                model.name(), pool.spec().name(), ready, version, false));
            }
        }
        return entries;
    }

    /// Called from the loop like everything here: ticks and pins are tasks of it.
    private final class PoolTarget implements ScalingTarget {
        private final Pool pool;
        private final String kind;

        PoolTarget(Pool pool, String kind) {
            this.pool = pool;
            this.kind = kind;
        }

        @Override
        public String name() {
            return pool.spec().name();
        }

        @Override
        public int replicas() {
            return pool.wanted(kind);
        }

        @Override
        public int ready() {
            return pool.ready(kind);
        }

        @Override
        public double startSeconds() {
            return pool.startSeconds(kind);
        }

        @Override
        public void order(int replicas, String reason) {
            narrator.say(
                    name(),
                    "%d -> %d %sreplicas: %s"
                            .formatted(
                                    pool.wanted(kind),
                                    replicas,
                                    kind.isEmpty() ? "" : kind + " ",
                                    reason));
            pool.want(kind, replicas);
            reconcile(pool);
        }
    }
}
