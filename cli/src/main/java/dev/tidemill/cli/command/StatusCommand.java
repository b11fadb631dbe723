package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.ClusterApply;
import dev.tidemill.cli.cluster.ClusterView;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.up.LiveTable;
import dev.tidemill.cli.up.RunningUp;
import dev.tidemill.cli.up.Status;
import dev.tidemill.cluster.Cluster;
import java.io.PrintStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "status", description = "Show processes, models, versions and decisions.")
final class StatusCommand implements Callable<Integer> {
    private static final int WIDTH = 160;

    @Mixin private DataOption data = new DataOption();

    @Mixin private OnCluster on = new OnCluster();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    private final PrintStream out;
    private final InstantSource clock;

    StatusCommand(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        if (on.isMeant()) {
            return ofCluster(mapper);
        }
        StateFolder state = data.folder();
        Optional<RunningUp> running = RunningUp.in(state);
        if (running.isEmpty()) {
            out.println(
                    json
                            ? mapper.writeValueAsString(
                                    Map.of(
                                            "state", "down",
                                            "processes", List.of(),
                                            "models", List.of()))
                            : "nothing runs on " + state.root());
            return 1;
        }
        JsonNode answer = running.get().ask(Map.of("command", "status"));
        if (json) {
            out.println(mapper.writeValueAsString(answer));
            return 0;
        }
        Status status = mapper.treeToValue(answer, Status.class);
        out.println("PROCESS             ROLE            PID   PORT  STATE");
        for (Status.ProcessStatus process : status.processes()) {
            out.printf(
                    "%-19s %-9s %9d %6s  %s%n",
                    process.name(),
                    process.role(),
                    process.pid(),
                    process.port() == 0 ? "-" : process.port(),
                    process.state());
        }
        if (!status.metrics().isEmpty()) {
            out.println();
            out.println("metrics of the gateway: " + status.metrics());
        }
        out.println();
        LiveTable.render(status, clock.instant(), ZoneId.systemDefault(), WIDTH)
                .forEach(out::println);
        return 0;
    }

    /// @return 0 when all is ready, 1 when nothing is there, 3 when something is not ready
    private int ofCluster(JsonMapper mapper) {
        try (Cluster cluster = on.open()) {
            ClusterView.Status status = new ClusterView(cluster).status();
            if (json) {
                out.println(mapper.writeValueAsString(status));
            } else {
                ClusterStatusText.lines(status).forEach(out::println);
            }
            return switch (status.state()) {
                case "ready" -> ClusterApply.RUNS;
                case "down" -> 1;
                default -> ClusterApply.NOT_UP;
            };
        }
    }
}
