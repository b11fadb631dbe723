package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.ClusterApply;
import dev.tidemill.cluster.Cluster;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rollback",
        description =
                "Bring a Kubernetes cluster back to what ran before the last 'apply'. Versions of"
                        + " models are not touched: 'promote' moves those.",
        sortOptions = false)
final class RollbackCommand implements Callable<Integer> {
    @Option(
            names = "--to",
            paramLabel = "RELEASE",
            description =
                    "Number that 'apply' printed, of the last ten. Default: the newest that ran.")
    private Optional<Integer> to = Optional.empty();

    @Option(
            names = "--timeout",
            defaultValue = "5m",
            paramLabel = "DURATION",
            description = "Of the wait. Default: ${DEFAULT-VALUE}")
    private String timeout = "";

    @Mixin private OnCluster on = new OnCluster();

    private final PrintStream out;
    private final InstantSource clock;

    RollbackCommand(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration limit = OptionValues.duration("--timeout", timeout);
        try (Cluster cluster = on.open()) {
            return new ClusterApply(
                            cluster,
                            new ClusterApply.Wishes(true, true),
                            limit,
                            clock,
                            System::nanoTime,
                            out)
                    .rollback(to);
        }
    }
}
