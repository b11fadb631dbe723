package dev.tidemill.cli.record;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes every request as a JSON line: when it came, of which model, its tokens, how long it took.
/// What anybody said is not in it. Lines are written when requests end, so they begin a little out
/// of order.
public final class RequestRecording implements Recorder {
    private static final int MOST_PIECES = 20;

    private final JsonMapper json = JsonMapper.shared();
    private final GatewayReader gateway;
    private final Optional<String> model;
    private final PrintStream out;
    private final TraceFile file;
    private long tape;
    private long next;
    private long lines;
    private long told;

    /// @param gateway its admin listener now; empty while there is none
    /// @param model only requests of this one
    /// @param append whether to go on with a file that is there
    public RequestRecording(
            Supplier<Optional<URI>> gateway,
            Optional<String> model,
            PrintStream out,
            Path file,
            boolean append) {
        this.gateway = new GatewayReader(gateway, out, "requests may be missing");
        this.model = model;
        this.out = out;
        this.file = TraceFile.open(file, append, Optional.empty());
    }

    @Override
    public void read() {
        Optional<JsonNode> piece = piece();
        for (int i = 0; i < MOST_PIECES && piece.isPresent(); i++) {
            boolean more = write(piece.get());
            piece = more ? piece() : Optional.empty();
        }
        if (lines / 1000 > told) {
            told = lines / 1000;
            out.println("%d requests".formatted(lines));
        }
    }

    @Override
    public String written() {
        return "%d requests".formatted(lines);
    }

    /// @return whether there may be more
    private boolean write(JsonNode piece) {
        long now = piece.path("tape").asLong();
        if (tape != 0 && now != tape) {
            out.println("the gateway was started anew: requests may be missing");
        }
        long missed = piece.path("missed").asLong();
        if (missed > 0) {
            out.println("%d requests came faster than they were read: missing".formatted(missed));
        }
        tape = now;
        next = piece.path("next").asLong();
        JsonNode requests = piece.path("requests");
        requests.forEach(this::line);
        file.flush();
        return !requests.isEmpty();
    }

    private void line(JsonNode request) {
        String name = request.path("model").asString("");
        if (model.isPresent() && !model.get().equals(name)) {
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("timestamp", request.path("timestamp").asString(""));
        line.put("model", name);
        if (request.has("inputTokens")) {
            line.put("input_tokens", request.path("inputTokens").asLong());
            line.put("output_tokens", request.path("outputTokens").asLong());
        }
        line.put("millis", request.path("millis").asDouble());
        line.put("status", request.path("status").asInt());
        file.add(json.writeValueAsString(line));
        lines++;
    }

    private Optional<JsonNode> piece() {
        try {
            return gateway.read("/requests?tape=%d&after=%d".formatted(tape, next))
                    .map(json::readTree);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        file.close();
        gateway.close();
    }
}
