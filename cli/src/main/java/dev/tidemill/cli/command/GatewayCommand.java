package dev.tidemill.cli.command;

import dev.tidemill.cli.gateway.GatewayFile;
import dev.tidemill.cli.gateway.ReplicaNames;
import dev.tidemill.cli.process.ConfigFile;
import dev.tidemill.gateway.GatewayProcess;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "gateway",
        description =
                "Run the gateway of a file, alone, until Ctrl-C. It takes changes of the file while"
                        + " it runs; a file with problems changes nothing.",
        sortOptions = false)
final class GatewayCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    /// Where its configuration is.
    static final class Source {
        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "Resource file with a Gateway whose upstreams are URLs.")
        private Optional<Path> file = Optional.empty();

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description =
                        "Instead: the gateway's own configuration, JSON, as 'tidemill render' writes it"
                                + " for a cluster. Names of replicas stand for all their addresses.")
        private Optional<Path> config = Optional.empty();
    }

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address to listen on, instead of the file's; 0.0.0.0 for all.")
    private Optional<String> host = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to listen on, instead of the file's; 0 for any free one.")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = "--grpc-port",
            paramLabel = "PORT",
            description =
                    "Port to listen on for gRPC, instead of the file's; 0 for any free one. Without"
                            + " both, HTTP alone.")
    private Optional<Integer> grpcPort = Optional.empty();

    @Option(
            names = "--admin-port",
            defaultValue = "0",
            paramLabel = "PORT",
            description = "Port for /metrics; 0 for any free one. Default: ${DEFAULT-VALUE}")
    private int adminPort;

    @Option(
            names = "--admin-host",
            paramLabel = "ADDRESS",
            description =
                    "Address for /metrics; Default: 127.0.0.1. It asks nobody for a key but who gives"
                            + " orders: only for a network that is trusted, and with"
                            + " access.adminKeys in the file.")
    private Optional<String> adminHost = Optional.empty();

    @Mixin private DataOption data = new DataOption();

    private final PrintStream out;

    GatewayCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        port.ifPresent(given -> OptionValues.port("--port", given));
        grpcPort.ifPresent(given -> OptionValues.port("--grpc-port", given));
        OptionValues.port("--admin-port", adminPort);
        if (source.config.isPresent()) {
            host.ifPresent(given -> {
                throw OptionValues.wrong("--host", given, "none with --config, which has its own");
            });
            port.ifPresent(given -> {
                throw OptionValues.wrong(
                        "--port", given.toString(), "none with --config, which has its own");
            });
            grpcPort.ifPresent(given -> {
                throw OptionValues.wrong(
                        "--grpc-port", given.toString(), "none with --config, which has its own");
            });
            Addresses.follow();
            ReplicaNames names = new ReplicaNames(InetAddress::getAllByName);
            GatewayProcess.main(new ConfigFile(source.config.get(), names::resolve).follow(), out);
            return 0;
        }
        GatewayFile file =
                new GatewayFile(
                        source.file.orElseThrow(),
                        new GatewayFile.Listening(host, port, adminPort, adminHost, grpcPort),
                        Optional.of(data.folder().root()));
        GatewayProcess.serve(file.read(), file, out);
        return 0;
    }
}
