package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.Prewarming;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.scaling.guard.CronSchedule;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "prewarm",
        description =
                "Set the least number of replicas of a cluster's autoscaler to what its schedules say"
                        + " now: what the CronJobs of `scaling.schedules` run.",
        sortOptions = false)
final class PrewarmCommand implements Callable<Integer> {
    @Option(
            names = "--autoscaler",
            required = true,
            paramLabel = "KIND/NAME",
            description = "A HorizontalPodAutoscaler or a ScaledObject.")
    private String autoscaler = "";

    @Option(
            names = "--min",
            required = true,
            paramLabel = "REPLICAS",
            description = "The least while no schedule counts.")
    private int min;

    @Option(
            names = "--schedule",
            required = true,
            paramLabel = "CRON|LASTS|ZONE|MIN|PREWARM",
            description =
                    "Such as '0 8 * * MON-FRI|PT9H|UTC|5|PT10M'; may be given several times, the most"
                            + " counts.")
    private List<String> schedules = new ArrayList<>();

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    private final PrintStream out;
    private final InstantSource clock;

    PrewarmCommand(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        List<CronSchedule> read = schedules.stream().map(PrewarmCommand::schedule).toList();
        try (Cluster open = Cluster.open(cluster.target())) {
            out.println(new Prewarming(autoscaler, min, read).run(open, clock.millis()));
        }
        return 0;
    }

    private static CronSchedule schedule(String text) {
        try {
            return CronSchedule.parse("", text);
        } catch (IllegalArgumentException _) {
            throw OptionValues.wrong(
                    "--schedule",
                    text,
                    "CRON|LASTS|ZONE|MIN|PREWARM such as 0 8 * * MON-FRI|PT9H|UTC|5|PT10M");
        }
    }
}
