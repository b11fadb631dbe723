package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.ClusterApply;
import dev.tidemill.cli.cluster.ClusterWork;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.manifests.Platform;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "apply",
        description =
                "Bring a Kubernetes cluster to what a file says, train and register its models"
                        + " there, and wait until all of it runs.",
        footer = {
            "",
            "Exit code: 0 when all of it runs, 1 when something was refused, 2 for wrong options, 3"
                    + " when it was applied and does not come up."
        },
        sortOptions = false)
final class ApplyCommand implements Callable<Integer> {
    @Mixin private ClusterFileOptions source = new ClusterFileOptions();

    @Option(
            names = "--dry-run",
            description = "Ask the cluster what would change, and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--timeout",
            defaultValue = "5m",
            paramLabel = "DURATION",
            description = "Of the wait, trainings included. Default: ${DEFAULT-VALUE}")
    private String timeout = "";

    @Option(
            names = "--no-wait",
            description = "End when all is applied; nothing is trained or registered then.")
    private boolean noWait;

    @Option(
            names = "--no-prune",
            description =
                    "Leave what an earlier file asked for and this one does not. Volumes, namespaces"
                            + " and Secrets are always left.")
    private boolean noPrune;

    private final PrintStream out;
    private final InstantSource clock;

    ApplyCommand(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration limit = OptionValues.duration("--timeout", timeout);
        ClusterWork work = source.work();
        Platform platform = work.platform();
        try (Cluster cluster = work.open(platform)) {
            ClusterApply apply =
                    new ClusterApply(
                            cluster,
                            new ClusterApply.Wishes(!noWait, !noPrune),
                            limit,
                            clock,
                            System::nanoTime,
                            out);
            return dryRun
                    ? apply.dryRun(platform)
                    : apply.apply(platform, work.trainings(), source.folder());
        }
    }
}
