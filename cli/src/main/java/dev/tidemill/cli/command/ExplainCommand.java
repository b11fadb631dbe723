package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.AutoscalerState;
import dev.tidemill.cli.cluster.ClusterAutoscaler;
import dev.tidemill.cli.cluster.ClusterDecisions;
import dev.tidemill.cli.explain.Explained;
import dev.tidemill.cli.explain.Explanation;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.up.RunningUp;
import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "explain",
        description =
                "Say why a model or an app has the replicas that it has: its last scaling decisions with what"
                        + " was seen, the rule, the limits and the result. Works after an up has"
                        + " ended, too, and with --cluster of what the operator or Kubernetes scales.",
        sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
    private static final int MOST = 1_000;

    @Mixin private DataOption data = new DataOption();

    @Mixin private OnCluster on = new OnCluster();

    @Parameters(index = "0", paramLabel = "MODEL", description = "A Model or an App of the file.")
    private String model = "";

    @Option(
            names = {"-n", "--last"},
            paramLabel = "N",
            description = "Decisions at most, the newest. Default: 5; with --since 1000.")
    private Optional<Integer> last = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            description = "Those of the last 10m, 2h, ...")
    private Optional<String> since = Optional.empty();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    private final PrintStream out;
    private final InstantSource clock;

    ExplainCommand(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        int most = last.orElse(since.isPresent() ? MOST : 5);
        if (most < 1 || most > MOST) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--last: '%d' (expected: 1 to %d)".formatted(most, MOST));
        }
        Instant from = since.map(this::ago).orElse(Instant.EPOCH);
        if (on.isMeant()) {
            try (Cluster cluster = on.open()) {
                List<ScalingDecision> decisions =
                        new ClusterDecisions(cluster).of(model, from, most);
                // What was decided before Kubernetes was asked to is no news of now.
                Optional<AutoscalerState> autoscaler = new ClusterAutoscaler(cluster).of(model);
                if (autoscaler.isPresent() && !json) {
                    autoscaler.get().lines(model, ZoneId.systemDefault()).forEach(out::println);
                    return 0;
                }
                return say(model, decisions, autoscaler);
            }
        }
        StateFolder folder = data.folder();
        String target = target(folder);
        // A folder that nothing ever ran on gets no database for being asked.
        List<ScalingDecision> decisions =
                Files.exists(folder.postmasterPid().getParent())
                        ? Needed.control(folder)
                                .with(control -> control.decisions(target, from, most))
                        : List.of();
        return say(target, decisions, Optional.empty());
    }

    private int say(
            String target, List<ScalingDecision> decisions, Optional<AutoscalerState> autoscaler) {
        if (json) {
            JsonMapper mapper =
                    JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
            out.println(mapper.writeValueAsString(new Explained(decisions, autoscaler)));
        } else {
            Explanation.lines(model, target, decisions, ZoneId.systemDefault())
                    .forEach(out::println);
        }
        return decisions.isEmpty() && autoscaler.isEmpty() ? 1 : 0;
    }

    private Instant ago(String text) {
        try {
            return clock.instant().minus(DurationText.parse(text));
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--since: '%s' (expected: %s)".formatted(text, DurationText.EXPECTED),
                    e);
        }
    }

    /// A model that shares another's replicas has that one's decisions.
    private String target(StateFolder folder) {
        Optional<RunningUp> running = RunningUp.in(folder);
        if (running.isEmpty()) {
            return model;
        }
        JsonNode status = running.get().ask(Map.of("command", "status"));
        for (JsonNode each : status.path("models")) {
            if (each.path("name").asString("").equals(model)) {
                return each.path("replicasOf").asString(model);
            }
        }
        for (JsonNode each : status.path("apps")) {
            if (each.path("name").asString("").equals(model)) {
                return model;
            }
        }
        throw new TidemillException(
                ErrorCode.NOT_FOUND,
                "model: '%s' (expected: a Model or an App of the file that runs)".formatted(model));
    }
}
