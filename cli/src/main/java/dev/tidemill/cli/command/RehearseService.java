package dev.tidemill.cli.command;

import dev.tidemill.cli.rehearse.Stated;
import picocli.CommandLine.Option;

/// What serves a rehearsal's requests, as far as the file does not say.
final class RehearseService {
    @Option(
            names = "--slots",
            paramLabel = "N",
            description =
                    "Requests that a replica works on at once (default: the file's replica, else 4).")
    private String slots = "";

    @Option(
            names = "--slot-time",
            paramLabel = "TIME",
            description =
                    "That one of them takes, on average, such as 250ms (default: the file's, else 200ms).")
    private String slotTime = "";

    @Option(
            names = "--start-up",
            paramLabel = "TIME",
            description =
                    "From an order to a replica that serves, such as 3m (default: the file's, else 15s).")
    private String startUp = "";

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            description =
                    "A request that waits longer than this for its slot is late (default: the file's objective,"
                            + " else 1s).")
    private String limit = "";

    @Option(
            names = "--late",
            paramLabel = "SHARE",
            description =
                    "Share of requests that may be late, such as 1%% or 0.01 (default: the file's objective,"
                            + " else 1%%).")
    private String late = "";

    @Option(
            names = "--min",
            paramLabel = "N",
            description = "Fewest replicas (default: the file's, else 1).")
    private String min = "";

    @Option(
            names = "--max",
            paramLabel = "N",
            description = "Most replicas (default: the file's, else 1000).")
    private String max = "";

    Stated stated() {
        return new Stated(slots, slotTime, startUp, limit, late, min, max);
    }
}
