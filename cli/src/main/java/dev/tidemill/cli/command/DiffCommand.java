package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.ClusterWork;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.common.TidemillException;
import dev.tidemill.manifests.Platform;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "diff",
        description =
                "Show what 'apply' would change on a Kubernetes cluster, as the cluster itself sees"
                        + " it.",
        footer = {
            "",
            "Exit code: 0 when nothing would change, 1 when something would, 2 for errors."
        },
        sortOptions = false)
final class DiffCommand implements Callable<Integer> {
    private static final int ERROR = 2;

    @Mixin private ClusterFileOptions source = new ClusterFileOptions();

    private final PrintStream out;
    private final PrintStream err;

    DiffCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        try {
            ClusterWork work = source.work();
            Platform platform = work.platform();
            try (Cluster cluster = work.open(platform)) {
                List<String> differences = ClusterWork.differences(cluster, platform);
                differences.forEach(out::print);
                return differences.isEmpty() ? 0 : 1;
            }
        } catch (TidemillException e) {
            // 1 would mean a difference.
            err.println(e.getMessage());
            return ERROR;
        }
    }
}
