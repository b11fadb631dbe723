package dev.tidemill.cli.up;

import dev.tidemill.autoscale.Measures;
import dev.tidemill.autoscale.Scaler;
import dev.tidemill.autoscale.Traffic;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.scaling.Policies;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What is done again and again while a deployment runs: read traffic, scale, probe replicas, and
/// follow the registry's aliases. I/O happens here, on threads of its own; state changes go through
/// the [Loop].
final class Upkeep implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(1);

    /// Twice a second, so that an order follows a breach within 2 s wherever between two looks it
    /// falls.
    private static final Duration SCALED_EVERY = Duration.ofMillis(500);

    private final Laptop laptop;
    private final LaptopSignals signals;
    private final HealthProbes probes;
    private final DecisionWriter decisions;
    private final Map<String, Scaler> scalers = new HashMap<>();
    private final ScheduledExecutorService threads =
            Executors.newScheduledThreadPool(
                    3, Thread.ofPlatform().daemon().name("upkeep-", 0).factory());

    Upkeep(
            Laptop laptop,
            LaptopSignals signals,
            HealthProbes probes,
            DecisionWriter decisions,
            InstantSource clock,
            LongSupplier nanos) {
        this.laptop = laptop;
        this.signals = signals;
        this.probes = probes;
        this.decisions = decisions;
        for (Pool pool : laptop.fleet().pools()) {
            String name = pool.spec().name();
            scalers.put(
                    name,
                    new Scaler(
                            laptop.fleet().target(name),
                            Policies.of(pool.spec().scaling()),
                            clock,
                            nanos,
                            decisions));
        }
    }

    /// @param versions asked once a second which versions each pool should serve
    /// @param note writes down who runs, for whoever cleans up after a kill
    void start(Versions versions, Runnable note) {
        every("traffic", SCALED_EVERY, this::scale);
        every("probes", this::probe);
        every("note", note);
        every("decisions", decisions::write);
        // On a thread of its own: a registry that hangs must not stop the scaling.
        every("versions", () -> follow(versions));
    }

    private void every(String what, Runnable task) {
        every(what, EVERY, task);
    }

    private void every(String what, Duration pause, Runnable task) {
        var _ =
                threads.scheduleWithFixedDelay(
                        () -> guarded(what, task),
                        pause.toMillis(),
                        pause.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /// By pool, of the last second.
    Map<String, Traffic> traffic() {
        return signals.traffic();
    }

    Optional<Scaler> scaler(String pool) {
        return Optional.ofNullable(scalers.get(pool));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        signals.close();
    }

    private void scale() {
        Map<String, Measures> seen = signals.read();
        laptop.loop()
                .run(() ->
                        scalers.forEach((pool, scaler) ->
                                scaler.tick(seen.getOrDefault(pool, Measures.NONE))));
    }

    private void probe() {
        record Probe(String pool, String replica, URI address, HealthCheck check) {}
        List<Probe> all =
                laptop.loop()
                        .ask(() ->
                                laptop.fleet().pools().stream()
                                        .flatMap(pool ->
                                                pool.ready().stream()
                                                        .map(r ->
                                                                new Probe(
                                                                        pool.spec().name(),
                                                                        r.name(),
                                                                        r.address(),
                                                                        pool.spec().health())))
                                        .toList());
        for (Probe probe : all) {
            Thread.ofVirtual()
                    .name("probe-" + probe.replica())
                    .start(() -> {
                        boolean answered = probes.answers(probe.address(), probe.check());
                        laptop.loop()
                                .run(() ->
                                        laptop.fleet()
                                                .probed(probe.pool(), probe.replica(), answered));
                    });
        }
    }

    private void follow(Versions versions) {
        for (Pool pool : laptop.fleet().pools()) {
            if (pool.spec() instanceof PoolSpec.Servers(ModelPool models)) {
                laptop.serve(models.name(), versions.resolve(models));
            }
        }
    }

    private static void guarded(String what, Runnable task) {
        try {
            task.run();
        } catch (TidemillException e) {
            // Control or gateway is being restarted: the next second asks again.
            LOG.log(System.Logger.Level.DEBUG, what, e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, what + " failed", e);
        }
    }
}
