package dev.tidemill.cli.command;

import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.registry.RegistryFollower;
import dev.tidemill.cli.registry.RegistryPull;
import dev.tidemill.cli.registry.RegistryStart;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.onnx.OnnxNativeLibrary;
import dev.tidemill.server.ServerConfig;
import dev.tidemill.server.ServerProcess;
import dev.tidemill.server.V1Flavour;
import java.io.Console;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = "Serve the models of a folder, alone, until Ctrl-C.",
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    @Mixin private RepositoryOptions repository = new RepositoryOptions();

    @Mixin private ListenOptions listen = new ListenOptions();

    @Option(
            names = "--v1-flavour",
            defaultValue = "tfserving",
            paramLabel = "FLAVOUR",
            description =
                    "Whose protocol /v1/models speaks: tfserving or kserve. Default:"
                            + " ${DEFAULT-VALUE}")
    private String v1Flavour = "";

    @Option(
            names = "--device",
            defaultValue = "auto",
            paramLabel = "DEVICE",
            description =
                    "auto: GPUs where they answer, otherwise the CPU; cpu; cuda: GPUs or no start;"
                            + " cuda:N: that one. Default: ${DEFAULT-VALUE}")
    private String device = "";

    @Mixin private LimitOptions limits = new LimitOptions();

    @Option(
            names = "--drain-seconds",
            paramLabel = "SECONDS",
            description =
                    "Time to serve on, not ready, after SIGTERM, so that load balancers notice."
                            + " Default: 5; at a terminal, where none routes to it, 0")
    private @Nullable Double drainSeconds;

    @Mixin private RegistryOptions registry = new RegistryOptions();

    @Mixin private ServeExtras extras = new ServeExtras();

    /// Endpoints of Kubernetes are gone within a second or two; Docker kills after ten.
    private static final double DRAIN_SECONDS = 5;

    private final PrintStream out;

    ServeCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        repository.requireFolders();
        Addresses.follow();
        try (RegistryPull pull = registry.open(listen.tls()).orElse(null)) {
            if (pull == null && repository.areMissing()) {
                throw OptionValues.wrong(
                        "--model-repository", "missing", "a folder, or --registry with --model");
            }
            serve(Optional.ofNullable(pull));
        }
        return 0;
    }

    private void serve(Optional<RegistryPull> pull) throws InterruptedException {
        ServerConfig config = config(pull);
        // With CUDA it is 650 MB, which no start should unpack.
        JavaCommand.nativeLibrary(System.getProperties())
                .ifPresent(folder ->
                        System.setProperty(OnnxNativeLibrary.PATH_PROPERTY, folder.toString()));
        ServerProcess.prepare();
        if (pull.isPresent()) {
            new RegistryStart(System::nanoTime, Thread::sleep, out::println)
                    .pull(pull.get(), registry.patience());
        }
        try (RegistryFollower _ = follower(pull)) {
            ServerProcess.serve(config, out);
        }
    }

    private @Nullable RegistryFollower follower(Optional<RegistryPull> pull) {
        return pull.isPresent() && repository.poll()
                ? new RegistryFollower(pull.get(), repository.interval())
                : null;
    }

    ServerConfig config(Optional<RegistryPull> pull) {
        try {
            return new ServerConfig(
                    "serve",
                    listen.host(),
                    listen.httpPort(),
                    List.of(),
                    limits.maxInFlight(),
                    limits.maxInFlightBytes(),
                    limits.maxBody(),
                    OptionValues.millis("--drain-seconds", drainSeconds()),
                    listen.grpcPort(),
                    listen.tfsPorts(),
                    Optional.of(repository.read(pull)),
                    Optional.of(V1Flavour.named(v1Flavour)),
                    Optional.of(device),
                    Optional.of(extras.read()),
                    listen.mutualTls());
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    /// Those who route to a server that is told to stop hear of it later than it does, and what
    /// they send meanwhile must not fail; who ends a server by hand does not want to wait.
    @SuppressWarnings("SystemConsoleNull") // from 25 on it is null again where there is none
    private double drainSeconds() {
        if (drainSeconds != null) {
            return drainSeconds;
        }
        Console console = System.console();
        return console != null && console.isTerminal() ? 0 : DRAIN_SECONDS;
    }
}
