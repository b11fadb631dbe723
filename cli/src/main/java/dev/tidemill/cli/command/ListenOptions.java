package dev.tidemill.cli.command;

import dev.tidemill.http.tls.MutualTls;
import dev.tidemill.server.ServerConfig;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where `serve` listens.
final class ListenOptions {
    private static final int TFS_HTTP = 8501;
    private static final int TFS_GRPC = 8500;

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
            names = "--tls-dir",
            paramLabel = "DIR",
            description =
                    "Speak TLS, and only to gateways and operators with a certificate: DIR has"
                            + " tls.crt, tls.key and ca.crt, as a Secret of cert-manager has."
                            + " Followed while it runs.")
    private Optional<Path> tls = Optional.empty();

    @Option(
            names = "--health-port",
            defaultValue = "9091",
            paramLabel = "PORT",
            description =
                    "With --tls-dir: where health and metrics are to be had without a certificate; 0"
                            + " for any free one. Default: ${DEFAULT-VALUE}")
    private int healthPort;

    /// Folder of the certificate; empty for plain text.
    Optional<Path> tls() {
        return tls;
    }

    Optional<MutualTls> mutualTls() {
        return tls.map(folder ->
                new MutualTls(
                        folder.toAbsolutePath().toString(),
                        OptionValues.port("--health-port", healthPort)));
    }

    String host() {
        return host;
    }

    int httpPort() {
        return OptionValues.port("--http-port", httpPort);
    }

    /// Empty for none.
    Optional<Integer> grpcPort() {
        return grpcPort < 0
                ? Optional.empty()
                : Optional.of(OptionValues.port("--grpc-port", grpcPort));
    }

    /// TensorFlow Serving's own; empty for none.
    Optional<ServerConfig.TfsPorts> tfsPorts() {
        return tfsPorts
                ? Optional.of(new ServerConfig.TfsPorts(TFS_HTTP, TFS_GRPC))
                : Optional.empty();
    }
}
