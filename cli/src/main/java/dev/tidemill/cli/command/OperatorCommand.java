package dev.tidemill.cli.command;

import dev.tidemill.cli.render.ClusterGateway;
import dev.tidemill.operator.OperatorConfig;
import dev.tidemill.operator.OperatorProcess;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "operator",
        description =
                "Run the operator of the cluster that KUBECONFIG, or the pod that this is, names, until"
                        + " SIGTERM.",
        sortOptions = false)
final class OperatorCommand implements Callable<Integer> {
    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description =
                    "Look after this namespace only; may be given several times. Default: all.")
    private List<String> namespaces = List.of();

    @Option(
            names = "--lease-namespace",
            paramLabel = "NAME",
            description =
                    "Namespace of the Lease by which one of several operators leads. Without it there"
                            + " may be only one.")
    private Optional<String> lease = Optional.empty();

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            description = "Of this one among them. Default: any.")
    private Optional<String> identity = Optional.empty();

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            paramLabel = "HOST",
            description = "Where health and metrics are served. Default: ${DEFAULT-VALUE}")
    private String host = "";

    @Option(
            names = "--port",
            defaultValue = "0",
            paramLabel = "PORT",
            description = "0 is any free port. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description =
                    "Serve Kubernetes' metrics APIs to the API server on this port, for autoscalers that"
                            + " go by what is measured here. Default: not served")
    private Optional<Integer> metricsPort = Optional.empty();

    @Option(
            names = "--keda-port",
            paramLabel = "PORT",
            description =
                    "Answer KEDA on this port, as an external-push scaler. Default: not answered")
    private Optional<Integer> kedaPort = Optional.empty();

    @Option(
            names = "--address",
            paramLabel = "IP",
            description = "By which the cluster reaches this process. Default: 127.0.0.1")
    private Optional<String> address = Optional.empty();

    @Option(
            names = "--tls-dir",
            paramLabel = "DIR",
            description =
                    "Folder with tls.crt, tls.key and ca.crt, for gateways that ask who calls them."
                            + " Followed while it runs.")
    private Optional<Path> tls = Optional.empty();

    @Option(
            names = "--sources-dir",
            paramLabel = "DIR",
            description =
                    "Folder with the secrets that sources of metrics name, each in a file"
                            + " NAMESPACE.NAME. Default: none")
    private Optional<Path> sources = Optional.empty();

    private final PrintStream out;

    OperatorCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        return OperatorProcess.main(
                new OperatorConfig(
                        host,
                        OptionValues.port("--port", port),
                        new HashSet<>(namespaces),
                        lease,
                        identity.orElseGet(() -> "operator-" + UUID.randomUUID()),
                        Version.RELEASE,
                        new OperatorConfig.Apis(
                                port("--metrics-port", metricsPort),
                                port("--keda-port", kedaPort),
                                address),
                        tls,
                        sources),
                ClusterGateway::config,
                out);
    }

    private static OptionalInt port(String option, Optional<Integer> given) {
        return given.map(value -> OptionalInt.of(OptionValues.port(option, value)))
                .orElse(OptionalInt.empty());
    }
}
