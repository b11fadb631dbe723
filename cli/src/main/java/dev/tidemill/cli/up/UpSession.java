package dev.tidemill.cli.up;

import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.state.RunNote;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.up.Status.DecisionStatus;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.RegisteredModel;
import dev.tidemill.client.gateway.GatewayAdminClient;
import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.client.inference.InferenceClient;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.SpecChecks;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// One `up` from its start to its end: brings a [Deployment] up step by step, keeps it, answers
/// commands, and takes it down again.
final class UpSession {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int SHOWN_DECISIONS = 50;

    private final Deployment deployment;
    private final List<Resource> resources;
    private final StateFolder state;
    private final Decisions decisions;
    private final InstantSource clock;
    private final Instant started;
    private final TimeLine timeLine;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final JsonMapper json = JsonMapper.shared();
    private final Laptop laptop;
    private final DecisionWriter decisionWriter;
    private final Upkeep upkeep;
    private final StatusReport report;
    private final CommandSocket socket;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile String phase = "starting";
    private volatile List<RegisteredModel> registered = List.of();

    UpSession(
            Deployment deployment,
            List<Resource> resources,
            StateFolder state,
            JavaCommand java,
            Decisions decisions,
            InstantSource clock,
            LongSupplier nanos,
            TimeLine timeLine,
            CommandSocket socket) {
        this.deployment = deployment;
        this.resources = List.copyOf(resources);
        this.state = state;
        this.decisions = decisions;
        this.clock = clock;
        this.started = clock.instant();
        this.timeLine = timeLine;
        HealthProbes probes = new HealthProbes(http);
        this.laptop = new Laptop(deployment, state, java, new Loop(), decisions, probes, nanos);
        this.decisionWriter = new DecisionWriter(this::currentControl);
        LaptopSignals signals =
                new LaptopSignals(deployment, laptop, http, json, this::counters, nanos);
        this.upkeep = new Upkeep(laptop, signals, probes, decisionWriter, clock, nanos);
        this.report = new StatusReport(laptop, upkeep, state);
        this.socket = socket;
    }

    /// Returns when every model answers as it should.
    ///
    /// @throws StartFailure or TidemillException when it cannot get there; [#stop] cleans up
    void start() throws StartFailure {
        socket.serve(new Commands(this, json)::answer);
        note();
        timeLine.mark("launcher", clock.millis());
        laptop.startServices();
        note();
        ControlClient control = control(laptop.awaitControl(START_LIMIT));
        timeLine.mark("control", clock.millis());
        checkRegistry(control);
        new Trainings(control, deployment.folder(), decisions).run(deployment.trainings());
        timeLine.mark("training", clock.millis());
        Versions versions = new Versions(this::currentControl, deployment.folder());
        for (ModelPool pool : deployment.pools()) {
            laptop.serve(pool.name(), versions.resolve(pool));
        }
        laptop.runApps(START_LIMIT);
        note();
        int port = laptop.awaitFleet(deployment.startLimit(START_LIMIT));
        timeLine.mark("replicas", clock.millis());
        selfCheck(URI.create(deployment.gatewayUrl(port)));
        timeLine.mark("first predictions", clock.millis());
        registered = control.models();
        upkeep.start(versions, this::note);
        phase = "ready";
        note();
    }

    Deployment deployment() {
        return deployment;
    }

    TimeLine timeLine() {
        return timeLine;
    }

    Upkeep upkeep() {
        return upkeep;
    }

    Laptop laptop() {
        return laptop;
    }

    Status status() {
        refreshRegistered();
        Map<String, RegisteredModel> byName =
                registered.stream()
                        .collect(Collectors.toMap(RegisteredModel::name, Function.identity()));
        return new Status(
                phase,
                deployment.file().toString(),
                gatewayUrl(),
                ProcessHandle.current().pid(),
                started,
                report.processes(ProcessHandle.current().pid(), phase),
                report.models(byName),
                decisions.last(SHOWN_DECISIONS).stream()
                        .map(d -> new DecisionStatus(d.at(), d.about(), d.sentence()))
                        .toList(),
                grpcAddress().orElse(""),
                metricsUrl(),
                report.apps());
    }

    /// Where control listens now; 0 while it is being restarted.
    int controlPort() {
        return laptop.loop().ask(() -> laptop.control().ready() ? laptop.control().port() : 0);
    }

    String gatewayUrl() {
        int port = laptop.loop().ask(() -> laptop.gateway().port());
        return deployment.gatewayUrl(port == 0 ? deployment.gateway().port() : port);
    }

    /// Where the gateway speaks gRPC; empty where the file does not say so.
    Optional<String> grpcAddress() {
        int port = laptop.loop().ask(() -> laptop.gateway().grpcPort());
        return port == 0
                ? Optional.empty()
                : Optional.of(URI.create(deployment.gatewayUrl(port)).getAuthority());
    }

    /// Takes everything down; the second and later calls wait for the first.
    void stop() {
        if (stopping.compareAndSet(false, true)) {
            phase = "stopping";
            try {
                upkeep.close();
                decisionWriter.flush();
                laptop.stop();
                laptop.loop().close();
                socket.close();
                state.forget();
            } finally {
                stopped.countDown();
            }
        }
        awaitStop();
    }

    void awaitStop() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isStopping() {
        return stopping.get();
    }

    private void checkRegistry(ControlClient control) {
        List<Problem> found =
                SpecChecks.checkRegistry(resources, new ListedRegistry(control.models()));
        Problems problems = new Problems();
        problems.addAll(found);
        problems.throwIfAny();
    }

    /// Through the gateway where it is open to everybody. Where it is not, nobody here has a key:
    /// the replicas are asked.
    private void selfCheck(URI gateway) {
        for (Pool pool : laptop.fleet().pools()) {
            if (pool.spec().models().isEmpty()) {
                continue;
            }
            URI asked =
                    deployment.isOpen()
                            ? gateway
                            : laptop.loop().ask(() -> pool.ready().getFirst().address());
            SelfCheck check = new SelfCheck(new InferenceClient(http, json, asked));
            for (ServedModel model : laptop.loop().ask(pool::models)) {
                decisions.say(model.name(), check.check(model));
            }
        }
    }

    private void refreshRegistered() {
        int port = controlPort();
        if (port != 0) {
            try {
                registered = control(port).models();
            } catch (TidemillException e) {
                decisions.say("control", "does not answer: " + e.getMessage());
            }
        }
    }

    private ControlClient currentControl() {
        int port = controlPort();
        if (port == 0) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE, "control: 'starting' (expected: ready)");
        }
        return control(port);
    }

    private ControlClient control(int port) {
        return new ControlClient(http, URI.create("http://127.0.0.1:" + port));
    }

    /// Where the gateway says what it counts; 0 while it is being restarted.
    int gatewayAdminPort() {
        return laptop.loop().ask(() -> laptop.gateway().ready() ? laptop.gateway().adminPort() : 0);
    }

    private String metricsUrl() {
        int port = gatewayAdminPort();
        return port == 0 ? "" : "http://127.0.0.1:%d/metrics".formatted(port);
    }

    private TrafficCounters counters() {
        int port = gatewayAdminPort();
        if (port == 0) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE, "gateway: 'starting' (expected: ready)");
        }
        return new GatewayAdminClient(http, json, URI.create("http://127.0.0.1:" + port))
                .counters();
    }

    private void note() {
        state.write(
                new RunNote(
                        ProcessHandle.current().pid(),
                        started,
                        phase,
                        socket.path().toString(),
                        gatewayUrl(),
                        laptop.children()));
    }
}
