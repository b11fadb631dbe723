package dev.tidemill.cli.command;

import dev.tidemill.cli.up.RunningUp;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "scale",
        description = "Pin a model's replicas by hand, or give them back to its scaling rule.")
final class ScaleCommand implements Callable<Integer> {
    @Mixin private DataOption data = new DataOption();

    @Parameters(index = "0", paramLabel = "MODEL", description = "A Model of the file.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "N|auto", description = "Replicas, or auto.")
    private String replicas = "";

    private final PrintStream out;

    ScaleCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        RunningUp running = Needed.running(data.folder());
        Map<String, Object> command = new HashMap<>(Map.of("command", "scale", "model", model));
        command.put(
                "replicas", replicas.matches("\\d{1,6}") ? Integer.valueOf(replicas) : replicas);
        JsonNode answer = running.ask(command);
        String pool = answer.path("pool").asString("");
        out.println(
                replicas.equals("auto")
                        ? pool + ": replicas follow the file's scaling again"
                        : "%s: pinned at %s replicas; 'tidemill scale %s auto' gives them back"
                                .formatted(pool, replicas, model));
        return 0;
    }
}
