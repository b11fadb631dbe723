package dev.tidemill.cli.command;

import dev.tidemill.cli.rehearse.RequestSettings;
import dev.tidemill.cli.rehearse.SlotSettings;
import picocli.CommandLine.Option;

/// How requests are played one by one.
final class RehearseEngine {
    @Option(
            names = "--engine",
            paramLabel = "minutes|slots|requests",
            description =
                    "By minutes with a formula for waiting; every request drawn from its minute and played at the slots"
                            + " of a replica; or request by request with its tokens (default: requests when the trace"
                            + " has tokens, else minutes).")
    private String engine = "";

    @Option(
            names = "--slot-spread",
            paramLabel = "SPREAD",
            description =
                    "Of the times that requests take, with --engine slots: constant, exponential, measured (the trace's"
                            + " own millis), or standard deviation over mean (default: ${DEFAULT-VALUE}).")
    private String slotSpread = "exponential";

    @Option(
            names = "--start-spread",
            paramLabel = "SPREAD",
            description =
                    "Of start-up times, with --engine slots: constant, exponential or a number (default:"
                            + " ${DEFAULT-VALUE}).")
    private String startSpread = "constant";

    @Option(
            names = "--look",
            paramLabel = "TIME",
            description =
                    "Between two looks of the policy, with --engine slots (default: ${DEFAULT-VALUE}).")
    private String look = "1s";

    @Option(
            names = "--tokens",
            paramLabel = "mooncake|azure",
            description = "Give a tide's requests prompts and answers of such lengths.")
    private String tokens = "";

    @Option(
            names = "--gaps",
            paramLabel = "N",
            description =
                    "How uneven the gaps of a tide's requests are; 1 for random ones (default: ${DEFAULT-VALUE}).")
    private double gaps = 1;

    @Option(
            names = "--prompt-rate",
            paramLabel = "N",
            description =
                    "Prompt tokens that a replica reads a second (default: ${DEFAULT-VALUE}).")
    private double promptRate = 8000;

    @Option(
            names = "--step",
            paramLabel = "TIME",
            description = "Of one token for one sequence (default: ${DEFAULT-VALUE}).")
    private String step = "15ms";

    @Option(
            names = "--per-sequence",
            paramLabel = "MICROSECONDS",
            description = "What every further sequence adds to a step (default: ${DEFAULT-VALUE}).")
    private double perSequence = 300;

    @Option(
            names = "--per-kv-token",
            paramLabel = "NANOSECONDS",
            description =
                    "What every token in the cache adds to a step (default: ${DEFAULT-VALUE}).")
    private double perKvToken = 10;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Most sequences at once (default: ${DEFAULT-VALUE}).")
    private int batch = 32;

    @Option(
            names = "--kv-tokens",
            paramLabel = "N",
            description =
                    "That the key-value cache of a replica holds (default: ${DEFAULT-VALUE}).")
    private long kvTokens = 400_000;

    @Option(
            names = "--per-node",
            paramLabel = "N",
            description =
                    "Replicas that fit on a node; 0: nodes are always there (default: ${DEFAULT-VALUE}).")
    private int perNode;

    @Option(
            names = "--node-start",
            paramLabel = "TIME",
            description = "From the wish for a node to the node (default: ${DEFAULT-VALUE}).")
    private String nodeStart = "90s";

    @Option(
            names = "--failures",
            paramLabel = "HOURS",
            description = "Mean time until a replica fails (default: never).")
    private double failures = Double.POSITIVE_INFINITY;

    @Option(
            names = "--updates",
            paramLabel = "TIME",
            description =
                    "Replace all replicas, one at a time, so often, such as 12h (default: never).")
    private String updates = "";

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description = "What a replica that goes has to finish (default: ${DEFAULT-VALUE}).")
    private String drain = "30s";

    SlotSettings slots() {
        return new SlotSettings(slotSpread, startSpread, look, drain);
    }

    RequestSettings settings() {
        return new RequestSettings(
                engine,
                tokens,
                gaps,
                promptRate,
                step,
                perSequence,
                perKvToken,
                batch,
                kvTokens,
                perNode,
                nodeStart,
                failures,
                updates,
                drain);
    }
}
