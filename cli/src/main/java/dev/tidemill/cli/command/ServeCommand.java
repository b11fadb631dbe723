package dev.tidemill.cli.command;

import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.registry.RegistryFollower;
import dev.tidemill.cli.registry.RegistryPull;
import dev.tidemill.common.ByteSize;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.onnx.OnnxNativeLibrary;
import dev.tidemill.server.RepositoryConfig;
import dev.tidemill.server.ServerConfig;
import dev.tidemill.server.ServerProcess;
import dev.tidemill.server.V1Flavour;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final int TFS_HTTP = 8501;
    private static final int TFS_GRPC = 8500;

    @Option(
            names = "--model-repository",
            paramLabel = "DIR",
            description = "Folder of models; may be given several times.")
    private List<Path> repositories = new ArrayList<>();

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            paramLabel = "ADDRESS",
            description = "Address to listen on; 0.0.0.0 for all. Default: ${DEFAULT-VALUE}")
    private String host = "";

    @Option(
            names = "--http-port",
            defaultValue = "8080",
            paramLabel = "PORT",
            description = "0 for any free one. Default: ${DEFAULT-VALUE}")
    private int httpPort;

    @Option(
            names = "--grpc-port",
            defaultValue = "8081",
            paramLabel = "PORT",
            description = "0 for any free one, -1 for none. Default: ${DEFAULT-VALUE}")
    private int grpcPort;

    @Option(
            names = "--tfs-ports",
            description = "Listen as TensorFlow Serving does too: HTTP on 8501, gRPC on 8500.")
    private boolean tfsPorts;

    @Option(
            names = "--v1-flavour",
            defaultValue = "tfserving",
            paramLabel = "FLAVOUR",
            description =
                    "Whose protocol /v1/models speaks: tfserving or kserve. Default:"
                            + " ${DEFAULT-VALUE}")
    private String v1Flavour = "";

    @Option(
            names = "--model-control-mode",
            defaultValue = "none",
            paramLabel = "MODE",
            description =
                    "none: load all at the start; poll: follow the folders; explicit: load what"
                            + " clients ask for. Default: ${DEFAULT-VALUE}")
    private String mode = "";

    @Option(
            names = "--load-model",
            paramLabel = "NAME",
            description =
                    "In explicit mode, a model to load at the start, * for all; may be given"
                            + " several times.")
    private List<String> load = new ArrayList<>();

    @Option(
            names = "--repository-poll-seconds",
            defaultValue = "15",
            paramLabel = "SECONDS",
            description = "In poll mode, time between two looks. Default: ${DEFAULT-VALUE}")
    private double pollSeconds;

    @Option(
            names = "--version-label",
            paramLabel = "MODEL:LABEL=VERSION",
            description = "A name for a version; may be given several times.")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--allow-version-labels-for-unavailable-models",
            description = "Let a label that is new name a version that is not ready yet.")
    private boolean earlyLabels;

    @Option(
            names = "--device",
            defaultValue = "auto",
            paramLabel = "DEVICE",
            description =
                    "auto: GPUs where they answer, otherwise the CPU; cpu; cuda: GPUs or no start;"
                            + " cuda:N: that one. Default: ${DEFAULT-VALUE}")
    private String device = "";

    @Option(
            names = "--strict-readiness",
            description = "Be ready when every model is; otherwise one is enough.")
    private boolean strict;

    @Option(
            names = "--max-body",
            defaultValue = "64Mi",
            paramLabel = "SIZE",
            description = "Of one request. Default: ${DEFAULT-VALUE}")
    private String maxBody = "";

    @Option(
            names = "--max-in-flight",
            defaultValue = "256",
            paramLabel = "REQUESTS",
            description =
                    "Inference requests at a time; more are answered 429. Default:"
                            + " ${DEFAULT-VALUE}")
    private int maxInFlight;

    @Option(
            names = "--max-in-flight-bytes",
            defaultValue = "512Mi",
            paramLabel = "SIZE",
            description = "Of their bodies together. Default: ${DEFAULT-VALUE}")
    private String maxInFlightBytes = "";

    @Option(
            names = "--drain-seconds",
            defaultValue = "0",
            paramLabel = "SECONDS",
            description =
                    "Time to serve on, not ready, after SIGTERM, so that load balancers notice."
                            + " Default: ${DEFAULT-VALUE}")
    private double drainSeconds;

    @Mixin private RegistryOptions registry = new RegistryOptions();

    @Mixin private ServeExtras extras = new ServeExtras();

    private final PrintStream out;

    ServeCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        for (Path repository : repositories) {
            if (!Files.isDirectory(repository)) {
                throw new TidemillException(
                        ErrorCode.NOT_FOUND,
                        "--model-repository: '%s' (expected: a folder)".formatted(repository));
            }
        }
        try (RegistryPull pull = registry.open().orElse(null)) {
            if (pull == null && repositories.isEmpty()) {
                throw wrong(
                        "--model-repository", "missing", "a folder, or --registry with --model");
            }
            serve(Optional.ofNullable(pull));
        }
        return 0;
    }

    private void serve(Optional<RegistryPull> pull) throws InterruptedException {
        ServerConfig config = config(pull);
        pull.ifPresent(from -> from.start().forEach(out::println));
        // With CUDA it is 650 MB, which no start should unpack.
        JavaCommand.nativeLibrary(System.getProperties())
                .ifPresent(folder ->
                        System.setProperty(OnnxNativeLibrary.PATH_PROPERTY, folder.toString()));
        try (RegistryFollower _ = follower(pull)) {
            ServerProcess.serve(config, out);
        }
    }

    private @Nullable RegistryFollower follower(Optional<RegistryPull> pull) {
        return pull.isPresent() && mode.equalsIgnoreCase("poll")
                ? new RegistryFollower(
                        pull.get(),
                        Duration.ofMillis(millis("--repository-poll-seconds", pollSeconds)))
                : null;
    }

    private ServerConfig config(Optional<RegistryPull> pull) {
        List<String> folders = new ArrayList<>();
        repositories.forEach(path -> folders.add(path.toAbsolutePath().toString()));
        List<String> loaded = new ArrayList<>(load);
        pull.ifPresent(from -> {
            folders.add(from.folder().toString());
            from.models().forEach(model -> loaded.add(model.name()));
        });
        try {
            return new ServerConfig(
                    "serve",
                    host,
                    port("--http-port", httpPort),
                    List.of(),
                    maxInFlight,
                    bytes("--max-in-flight-bytes", maxInFlightBytes),
                    bytes("--max-body", maxBody),
                    millis("--drain-seconds", drainSeconds),
                    grpcPort < 0 ? Optional.empty() : Optional.of(port("--grpc-port", grpcPort)),
                    tfsPorts
                            ? Optional.of(new ServerConfig.TfsPorts(TFS_HTTP, TFS_GRPC))
                            : Optional.empty(),
                    Optional.of(
                            new RepositoryConfig(
                                    folders,
                                    Optional.of(mode),
                                    Optional.of(loaded),
                                    Optional.of(millis("--repository-poll-seconds", pollSeconds)),
                                    Optional.of(strict),
                                    Optional.of(labels()),
                                    Optional.of(earlyLabels))),
                    Optional.of(V1Flavour.named(v1Flavour)),
                    Optional.of(device),
                    Optional.of(extras.read()));
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private Map<String, Map<String, String>> labels() {
        Map<String, Map<String, String>> byModel = new HashMap<>();
        for (String text : labels) {
            int colon = text.indexOf(':');
            int equals = text.indexOf('=', colon + 1);
            if (colon < 1 || equals < colon + 2 || equals == text.length() - 1) {
                throw wrong("--version-label", text, "such as resnet:stable=3");
            }
            byModel.computeIfAbsent(text.substring(0, colon), _ -> new HashMap<>())
                    .put(text.substring(colon + 1, equals), text.substring(equals + 1));
        }
        return byModel;
    }

    private static int port(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw wrong(option, Integer.toString(port), "0 to 65535");
        }
        return port;
    }

    static long bytes(String option, String size) {
        try {
            // 64MiB is how people say it, 64Mi how Kubernetes does.
            return ByteSize.parse(size.endsWith("iB") ? size.substring(0, size.length() - 1) : size)
                    .bytes();
        } catch (IllegalArgumentException e) {
            throw wrong(option, size, ByteSize.EXPECTED);
        }
    }

    private static long millis(String option, double seconds) {
        if (!(seconds >= 0 && seconds <= 86_400)) {
            throw wrong(option, Double.toString(seconds), "0 to 86400");
        }
        return Math.round(seconds * 1000);
    }

    static TidemillException wrong(String option, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(option, value, expected));
    }
}
