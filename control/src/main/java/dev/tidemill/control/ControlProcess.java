package dev.tidemill.control;

import dev.tidemill.common.logging.JsonLines;
import dev.tidemill.common.process.StopSignal;
import dev.tidemill.common.process.SupervisorLink;
import dev.tidemill.control.access.Gate;
import dev.tidemill.control.access.Ours;
import dev.tidemill.control.api.ArtifactRoutes;
import dev.tidemill.control.api.AuditRoutes;
import dev.tidemill.control.api.DataRoutes;
import dev.tidemill.control.api.DecisionRoutes;
import dev.tidemill.control.api.RegistryRoutes;
import dev.tidemill.control.api.RolloutRoutes;
import dev.tidemill.control.api.TrainingRoutes;
import dev.tidemill.control.audit.AuditStore;
import dev.tidemill.control.audit.AuditUpkeep;
import dev.tidemill.control.audit.Retention;
import dev.tidemill.control.decisions.DecisionStore;
import dev.tidemill.control.registry.ModelRegistry;
import dev.tidemill.control.registry.RunLog;
import dev.tidemill.control.rollouts.RolloutStore;
import dev.tidemill.control.training.DataSets;
import dev.tidemill.control.training.ModelFolder;
import dev.tidemill.control.training.TrainingQueue;
import dev.tidemill.http.ErrorBody;
import dev.tidemill.http.HealthRoutes;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.Routes;
import dev.tidemill.http.tls.WatchedIdentity;
import dev.tidemill.runtimes.onnx.OnnxRuntime;
import dev.tidemill.stores.files.FileArtifactStore;
import dev.tidemill.stores.postgres.LocalPostgres;
import dev.tidemill.stores.postgres.NamedPostgres;
import dev.tidemill.stores.postgres.Postgres;
import dev.tidemill.stores.s3.S3ArtifactStore;
import dev.tidemill.stores.spi.ArtifactStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Jdbi;

/// The composition root of the control plane.
///
/// Life: starts PostgreSQL, or asks for the one that it is told of, listens, says that it is ready,
/// serves until its supervisor closes standard input, the process gets SIGTERM or SIGINT, or
/// PostgreSQL ends, drains, stops PostgreSQL, returns. Its supervisor starts another.
public final class ControlProcess implements AutoCloseable {
    /// Of each target: more than a day of a busy one.
    private static final int KEPT_DECISIONS = 10_000;

    private static final System.Logger LOG = System.getLogger(ControlProcess.class.getName());
    private static final String MAIN = "main";
    private static final String MIGRATIONS = "dev/tidemill/control/migrations";
    private static final long MOST_MODEL_BYTES = 1L << 30;

    /// Less than a cluster waits for control to start.
    private static final Duration DATABASE_PATIENCE = Duration.ofSeconds(90);

    private static final Duration FINISH_LIMIT = Duration.ofSeconds(10);

    private final InstantSource clock = InstantSource.system();
    private final Metrics metrics = new Metrics();
    private final Readiness readiness = new Readiness();
    private final Postgres postgres;
    private final OnnxRuntime runtime = new OnnxRuntime();
    private final ArtifactStore artifacts;
    private final Optional<S3ArtifactStore> bucket;
    private final ModelRegistry registry;
    private final RunLog runs;
    private final DecisionStore decisions;
    private final RolloutStore rollouts;
    private final AuditStore audit;
    private final AuditUpkeep auditUpkeep;
    private final TrainingQueue trainings;
    private final Path scratch;
    private final DataSets dataSets;
    private final Gate gate;
    private final HttpEdge edge;

    /// Empty where it speaks plainly.
    private final Optional<Ours> ours;

    ControlProcess(ControlConfig config) {
        Path data = Path.of(config.dataDirectory());
        this.gate =
                Gate.of(
                        config.host(),
                        config.tokens().map(Path::of),
                        config.mtls().isPresent(),
                        System::nanoTime);
        this.ours = config.mtls().map(files -> new Ours(files, metrics));
        // What can fail comes before the database, which nothing may leave behind.
        FileArtifactStore near = FileArtifactStore.in(data.resolve("artifacts"));
        this.scratch = scratch(data);
        this.bucket = config.objectStore().map(store -> store.store(near, scratch, clock));
        this.artifacts = bucket.<ArtifactStore>map(store -> store).orElse(near);
        this.dataSets = new DataSets(data.resolve("data"), scratch);
        this.postgres =
                config.database()
                        .<Postgres>map(named ->
                                NamedPostgres.connect(
                                        named.address(),
                                        MIGRATIONS,
                                        DATABASE_PATIENCE,
                                        System::nanoTime))
                        .orElseGet(() -> LocalPostgres.start(data.resolve("postgres"), MIGRATIONS));
        Jdbi jdbi = Jdbi.create(postgres.dataSource());
        this.registry = new ModelRegistry(jdbi, artifacts, clock);
        this.runs = new RunLog(jdbi);
        this.decisions = new DecisionStore(jdbi, KEPT_DECISIONS);
        this.rollouts = new RolloutStore(jdbi);
        this.audit = new AuditStore(jdbi);
        this.auditUpkeep = new AuditUpkeep(audit, clock, config.audit().orElse(Retention.DEFAULT));
        this.trainings =
                new TrainingQueue(
                        runs,
                        registry,
                        artifacts,
                        runtime,
                        scratch,
                        dataSets,
                        gate.isOpen(),
                        clock,
                        System::nanoTime,
                        () -> UUID.randomUUID().toString());
        HttpEdge.Builder building =
                HttpEdge.builder(readiness, metrics)
                        .listen(
                                new Listener(MAIN, config.host(), config.port(), MOST_MODEL_BYTES),
                                this::routes)
                        .errorBody(ErrorBody.WITH_CODE)
                        .requestIds(RequestId.source(RandomGenerator.getDefault()));
        ours.ifPresent(own -> own.listen(building, MAIN, config.host(), readiness, metrics));
        this.edge = building.build();
    }

    /// Runs control until it is told to end.
    ///
    /// @param in the supervisor's lines: the configuration first
    /// @param out for events and log lines
    /// @throws dev.tidemill.common.TidemillException when PostgreSQL does not start or the port
    ///   cannot be bound
    public static void main(InputStream in, PrintStream out) throws InterruptedException {
        SupervisorLink link = new SupervisorLink(in, out);
        ControlConfig config = ControlConfig.parse(link.configuration());
        JsonLines.install(config.name(), out);
        // The JVM must not halt before PostgreSQL has stopped.
        try (StopSignal stop = StopSignal.install()) {
            link.follow(_ -> {}, stop::ask);
            try (ControlProcess control = new ControlProcess(config)) {
                control.postgres.onEnd(() -> {
                    LOG.log(System.Logger.Level.ERROR, "PostgreSQL ended, and so does control");
                    stop.ask();
                });
                link.listening(control.start());
                link.ready();
                stop.await();
                control.edge.drain(Duration.ZERO, FINISH_LIMIT);
            }
        }
    }

    /// @return the port
    int start() {
        runs.failInterrupted(clock.instant());
        auditUpkeep.start();
        ours.ifPresent(Ours::start);
        edge.start();
        readiness.started();
        return edge.port(MAIN);
    }

    /// Where it is probed and scraped; empty where that is the main port.
    Optional<Integer> healthPort() {
        return ours.map(_ -> edge.port(WatchedIdentity.HEALTH));
    }

    @Override
    public void close() {
        edge.close();
        ours.ifPresent(Ours::close);
        auditUpkeep.close();
        trainings.close();
        runtime.close();
        metrics.close();
        postgres.close();
        bucket.ifPresent(S3ArtifactStore::close);
    }

    private void routes(Routes routes) {
        routes.add(gate)
                .add(new RegistryRoutes(registry, artifacts, runtime, scratch, MOST_MODEL_BYTES))
                .add(new ArtifactRoutes(artifacts))
                .add(new TrainingRoutes(trainings, runs))
                .add(new DataRoutes(dataSets, MOST_MODEL_BYTES))
                .add(new DecisionRoutes(decisions))
                .add(new AuditRoutes(audit))
                .add(new RolloutRoutes(rollouts))
                .add(new HealthRoutes(readiness))
                .add(metrics);
    }

    /// Empty: what is in it was left by a crash.
    private static Path scratch(Path data) {
        try {
            Path scratch = data.resolve("scratch");
            if (Files.exists(scratch)) {
                ModelFolder.delete(scratch);
            }
            return Files.createDirectories(scratch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
