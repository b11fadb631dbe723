package dev.tidemill.cli.command;

import dev.tidemill.cli.gateway.GatewayFile;
import dev.tidemill.gateway.GatewayProcess;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "gateway",
        description =
                "Run the gateway of a file, alone, until Ctrl-C. It takes changes of the file while"
                        + " it runs; a file with problems changes nothing.",
        sortOptions = false)
final class GatewayCommand implements Callable<Integer> {
    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "Resource file with a Gateway whose upstreams are URLs.")
    private Path file = Path.of("");

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
            names = "--admin-port",
            defaultValue = "0",
            paramLabel = "PORT",
            description = "Port for /metrics; 0 for any free one. Default: ${DEFAULT-VALUE}")
    private int adminPort;

    @Option(
            names = "--admin-host",
            paramLabel = "ADDRESS",
            description =
                    "Address for /metrics; Default: 127.0.0.1. It asks nobody for a key: only for a"
                            + " network that is trusted.")
    private Optional<String> adminHost = Optional.empty();

    private final PrintStream out;

    GatewayCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        port.ifPresent(given -> OptionValues.port("--port", given));
        OptionValues.port("--admin-port", adminPort);
        GatewayFile source =
                new GatewayFile(file, new GatewayFile.Listening(host, port, adminPort, adminHost));
        GatewayProcess.serve(source.read(), source, out);
        return 0;
    }
}
