package dev.tidemill.cli.up;

import dev.tidemill.cli.process.ChildProcess;
import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.state.RunNote;
import dev.tidemill.cli.state.StateFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/// The processes of one deployment on this machine: control, gateway and the fleet. Keeps them as
/// they should be between [#startServices] and [#stop].
final class Laptop {
    private static final Duration STOP_GRACE = Duration.ofSeconds(30);
    private static final int GIVE_UP_AFTER = 3;

    private final Deployment deployment;
    private final StateFolder state;
    private final Loop loop;
    private final Service control;
    private final Service gateway;
    private final Fleet fleet;
    private final CompletableFuture<Void> fleetReady = new CompletableFuture<>();

    Laptop(
            Deployment deployment,
            StateFolder state,
            JavaCommand java,
            Loop loop,
            Narrator narrator,
            HealthProbes probes,
            LongSupplier nanos) {
        this.deployment = deployment;
        this.state = state;
        this.loop = loop;
        Children children = new Children(java, state, loop);
        this.fleet =
                new Fleet(
                        deployment.replicated(),
                        children,
                        new AppLauncher(
                                children, loop, probes, deployment.folder(), System.getenv()),
                        loop,
                        narrator,
                        nanos,
                        deployment.gateway().maxBody().bytes(),
                        deployment.gateway().grpcPort().isPresent(),
                        this::gatewayUrl,
                        this::fleetChanged);
        this.control =
                new Service(
                        "control",
                        "control",
                        ServiceFlags.CONTROL,
                        children,
                        loop,
                        narrator,
                        nanos,
                        () -> Wire.control(state, deployment.gateway().answers().audit()));
        control.whenReady(this::controlReady);
        this.gateway =
                new Service(
                        "gateway",
                        "gateway",
                        ServiceFlags.GATEWAY,
                        children,
                        loop,
                        narrator,
                        nanos,
                        this::gatewayLine);
    }

    Loop loop() {
        return loop;
    }

    Service control() {
        return control;
    }

    Service gateway() {
        return gateway;
    }

    Fleet fleet() {
        return fleet;
    }

    /// Starts control and gateway side by side.
    void startServices() {
        loop.ask(() -> {
            control.start();
            gateway.start();
            return true;
        });
    }

    /// Serves these versions from now on, by pool.
    void serve(String pool, List<ServedModel> models) {
        loop.ask(() -> {
            fleet.serve(pool, models);
            return true;
        });
    }

    /// Blocks until control is ready and returns its port.
    int awaitControl(Duration limit) throws StartFailure {
        return await(control.firstReady(), "control", limit);
    }

    /// Starts the apps as soon as they can be told where the gateway is.
    void runApps(Duration limit) throws StartFailure {
        var _ = await(gateway.firstReady(), "gateway", limit);
        loop.ask(() -> {
            fleet.runApps();
            return true;
        });
    }

    private String gatewayUrl() {
        return deployment.gatewayUrl(gateway.port());
    }

    /// Blocks until every pool has the replicas it wants and the gateway takes requests. Called
    /// once, after the first [#serve] of every pool.
    int awaitFleet(Duration limit) throws StartFailure {
        loop.run(this::fleetChanged);
        await(fleetReady, "a replica", limit);
        return await(gateway.firstReady(), "gateway", limit);
    }

    /// Stops everything, the gateway first so that what is in flight finishes; blocks until no
    /// process is left.
    void stop() {
        record Last(Optional<ChildProcess> gateway, List<ChildProcess> rest) {}
        // All are released at once: Ctrl-C reaches the children too, and none that ends now may be
        // taken for a loss.
        Last last =
                loop.ask(() -> {
                    List<ChildProcess> rest = new ArrayList<>(fleet.release());
                    control.release().ifPresent(rest::add);
                    fleetReady.completeExceptionally(new IllegalStateException("stopped"));
                    return new Last(gateway.release(), rest);
                });
        last.gateway().ifPresent(child -> child.stop(STOP_GRACE));
        List<Thread> stops = new ArrayList<>();
        for (ChildProcess child : last.rest()) {
            stops.add(
                    Thread.ofVirtual()
                            .name("stop-" + child.name())
                            .start(() -> child.stop(STOP_GRACE)));
        }
        for (Thread stop : stops) {
            join(stop);
        }
    }

    /// Every child there is now, for the note that the next `up` cleans up by.
    List<RunNote.Child> children() {
        return loop.ask(() -> {
            List<RunNote.Child> all = new ArrayList<>();
            control.child().ifPresent(c -> all.add(RunNote.Child.of(c.name(), c.handle())));
            gateway.child().ifPresent(c -> all.add(RunNote.Child.of(c.name(), c.handle())));
            fleet.pools().stream()
                    .flatMap(pool -> pool.replicas().stream())
                    .map(Replica::child)
                    .forEach(c -> all.add(RunNote.Child.of(c.name(), c.handle())));
            return all;
        });
    }

    private String gatewayLine() {
        return Wire.gateway(
                deployment.gateway(),
                deployment.folder(),
                fleet.table(),
                control.ready() ? control.port() : 0,
                Optional.of(state.canaries()));
    }

    private void controlReady() {
        gateway.send(gatewayLine());
    }

    private void fleetChanged() {
        gateway.send(gatewayLine());
        if (fleet.allReady()) {
            fleetReady.complete(null);
        } else if (fleet.failedStarts() >= GIVE_UP_AFTER) {
            fleetReady.completeExceptionally(
                    new IllegalStateException(
                            "a replica ended %d times before it was ready"
                                    .formatted(fleet.failedStarts())));
        }
    }

    private <T> T await(CompletableFuture<T> future, String process, Duration limit)
            throws StartFailure {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new StartFailure(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), state);
        } catch (TimeoutException e) {
            throw new StartFailure(
                    "%s was not ready after %d s".formatted(process, limit.toSeconds()), state);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted", state);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
