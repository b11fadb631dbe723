package dev.tidemill.cli.up;

import dev.tidemill.autoscale.Scaler;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.App;
import dev.tidemill.spec.ModelPool;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The commands that a running `up` takes over its socket: `status`, `scale`, `down`. Every answer
/// is one JSON object; `error` in it means refused.
final class Commands {
    private static final int MOST_REPLICAS = 64;

    private final UpSession session;
    private final JsonMapper json;

    Commands(UpSession session, JsonMapper json) {
        this.session = session;
        this.json = json;
    }

    String answer(String line) {
        try {
            JsonNode command = json.readTree(line);
            return switch (command.path("command").asString("")) {
                case "status" -> json.writeValueAsString(session.status());
                case "control" -> json.writeValueAsString(Map.of("port", session.controlPort()));
                case "gateway" ->
                        json.writeValueAsString(Map.of("adminPort", session.gatewayAdminPort()));
                case "scale" -> scale(command);
                case "down" -> down();
                default ->
                        error(
                                "command: '%s' (expected: status, control, gateway, scale, down)",
                                line);
            };
        } catch (JacksonException e) {
            return error("command: '%s' (expected: one JSON object)", line);
        } catch (TidemillException | IllegalStateException e) {
            return error("%s", String.valueOf(e.getMessage()));
        }
    }

    private String scale(JsonNode command) {
        String model = command.path("model").asString("");
        Optional<String> pool =
                session.deployment().pools().stream()
                        .filter(p -> p.models().stream().anyMatch(m -> m.name().equals(model)))
                        .map(ModelPool::name)
                        .findFirst()
                        .or(() ->
                                session.deployment().apps().stream()
                                        .map(App::name)
                                        .filter(model::equals)
                                        .findFirst());
        Optional<Scaler> scaler = pool.flatMap(session.upkeep()::scaler);
        if (scaler.isEmpty()) {
            return error("model: '%s' (expected: a Model or an App of the file that runs)", model);
        }
        JsonNode replicas = command.path("replicas");
        if (replicas.isString() && replicas.asString("").equals("auto")) {
            session.laptop().loop().run(scaler.get()::release);
            return json.writeValueAsString(Map.of("pool", pool.orElseThrow(), "replicas", "auto"));
        }
        int count = replicas.asInt(0);
        if (count < 1 || count > MOST_REPLICAS) {
            return error(
                    "replicas: '%s' (expected: 1 to " + MOST_REPLICAS + ", or auto)",
                    replicas.asString(""));
        }
        session.laptop().loop().run(() -> scaler.get().pin(count));
        return json.writeValueAsString(Map.of("pool", pool.orElseThrow(), "replicas", count));
    }

    /// The answer goes out first; the caller then waits for our process to end.
    private String down() {
        Thread.ofPlatform().name("down").start(session::stop);
        return json.writeValueAsString(Map.of("stopping", ProcessHandle.current().pid()));
    }

    private String error(String format, String value) {
        return json.writeValueAsString(Map.of("error", format.formatted(value)));
    }
}
