package dev.tidemill.cli.command;

import dev.tidemill.server.ServerConfig;
import picocli.CommandLine.Option;

/// What `serve` lets in at a time.
final class LimitOptions {
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
            paramLabel = "SIZE",
            description =
                    "Of their bodies, tensors and working memory together; more are answered 429."
                            + " Default: a third of the heap, at most 2Gi")
    private String maxInFlightBytes = "";

    long maxBody() {
        return OptionValues.bytes("--max-body", maxBody);
    }

    int maxInFlight() {
        return maxInFlight;
    }

    long maxInFlightBytes() {
        return maxInFlightBytes.isEmpty()
                ? ServerConfig.bytesInFlight(Runtime.getRuntime().maxMemory())
                : OptionValues.bytes("--max-in-flight-bytes", maxInFlightBytes);
    }
}
