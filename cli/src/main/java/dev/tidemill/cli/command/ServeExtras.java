package dev.tidemill.cli.command;

import dev.tidemill.server.PayloadLogConfig;
import dev.tidemill.server.ServerExtras;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What `serve` does only when it is asked to.
final class ServeExtras {
    @Option(
            names = "--triton-metrics",
            description = "Show Triton's metric names (nv_inference_...) at /metrics too.")
    private boolean tritonMetrics;

    @Option(
            names = "--response-cache",
            paramLabel = "SIZE",
            description =
                    "Room for answers of models whose configuration says response_cache { enable:"
                            + " true }, such as 64MiB. Without it none are kept.")
    private Optional<String> responseCache = Optional.empty();

    @Option(
            names = "--payload-log",
            paramLabel = "FILE|URL",
            description =
                    "Write requests with their answers to a file of JSON lines, or post them as"
                            + " CloudEvents. What does not fit is dropped, never waited for.")
    private Optional<String> payloadLog = Optional.empty();

    @Option(
            names = "--payload-log-model",
            paramLabel = "NAME",
            description = "Log this model's only; may be given several times.")
    private List<String> payloadModels = new ArrayList<>();

    @Option(
            names = "--payload-log-sampling",
            defaultValue = "1",
            paramLabel = "SHARE",
            description = "Share of the requests to log, 0 to 1. Default: ${DEFAULT-VALUE}")
    private double payloadSampling;

    @Option(
            names = "--adaptive-limit",
            paramLabel = "MIN",
            description =
                    "Let the number of requests at a time follow how they fare, between MIN (or what"
                            + " the batches need, if that is more) and --max-in-flight.")
    private Optional<Integer> adaptiveMin = Optional.empty();

    ServerExtras read() {
        return new ServerExtras(
                Optional.of(tritonMetrics),
                responseCache.map(size -> OptionValues.bytes("--response-cache", size)),
                payloadLog.map(target ->
                        new PayloadLogConfig(
                                target,
                                Optional.of(payloadModels),
                                Optional.of(payloadSampling),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())),
                adaptiveMin,
                Optional.empty());
    }
}
