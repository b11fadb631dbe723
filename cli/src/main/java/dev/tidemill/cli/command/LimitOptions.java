package dev.tidemill.cli.command;

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
            defaultValue = "512Mi",
            paramLabel = "SIZE",
            description = "Of their bodies together. Default: ${DEFAULT-VALUE}")
    private String maxInFlightBytes = "";

    long maxBody() {
        return OptionValues.bytes("--max-body", maxBody);
    }

    int maxInFlight() {
        return maxInFlight;
    }

    long maxInFlightBytes() {
        return OptionValues.bytes("--max-in-flight-bytes", maxInFlightBytes);
    }
}
