package dev.tidemill.gateway.anthropic;

import dev.tidemill.gateway.upstream.BodyTranslation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A stream of a message's events as a stream of chat completion chunks. Used by one thread.
final class ChatStream implements BodyTranslation {
    private static final int MAX_LINE = 16 << 20;
    private static final String DATA = "data:";

    private final boolean answersByTool;
    private final boolean usageWanted;
    private final long created;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    private final Map<Integer, Call> calls = new HashMap<>();
    private String id = "";
    private String model = "";
    private String stopReason = "";
    private TokenCounts tokens = TokenCounts.NONE;
    private boolean ended;

    /// @param usageWanted whether a chunk tells it at the end
    /// @param created seconds since 1970
    ChatStream(boolean answersByTool, boolean usageWanted, long created) {
        this.answersByTool = answersByTool;
        this.usageWanted = usageWanted;
        this.created = created;
    }

    @Override
    public byte[] next(byte[] piece) throws Broken {
        out.reset();
        int from = 0;
        for (int i = 0; i < piece.length; i++) {
            if (piece[i] == '\n') {
                line.write(piece, from, i - from);
                from = i + 1;
                String whole = line.toString(StandardCharsets.UTF_8).strip();
                line.reset();
                if (whole.startsWith(DATA)) {
                    event(whole.substring(DATA.length()));
                }
            }
        }
        line.write(piece, from, piece.length - from);
        if (line.size() > MAX_LINE) {
            throw new Broken("an event is too long");
        }
        return out.toByteArray();
    }

    @Override
    public byte[] end() throws Broken {
        if (!ended) {
            throw new Broken("the stream ended before its message");
        }
        return new byte[0];
    }

    private void event(String data) throws Broken {
        if (ended) {
            return;
        }
        JsonNode event;
        try {
            event = MessagesRequest.JSON.readTree(data);
        } catch (JacksonException e) {
            throw new Broken("an event is no JSON");
        }
        // The type is in the data too, so the lines `event:` say nothing new.
        switch (event.path("type").asString("")) {
            case "message_start" -> begin(event.path("message"));
            case "content_block_start" ->
                    block(event.path("index").asInt(0), event.path("content_block"));
            case "content_block_delta" -> delta(event.path("index").asInt(0), event.path("delta"));
            case "content_block_stop" -> blockEnd(event.path("index").asInt(0));
            case "message_delta" -> {
                stopReason = event.path("delta").path("stop_reason").asString(stopReason);
                tokens = tokens.with(event.path("usage"));
            }
            case "message_stop" -> finish();
            case "error" ->
                    throw new Broken(
                            event.path("error").path("type").asString("the upstream failed"));
            default -> {
                // Pings, and what comes in future.
            }
        }
    }

    private void begin(JsonNode message) {
        id = message.path("id").asString("");
        model = message.path("model").asString("");
        tokens = tokens.with(message.path("usage"));
        chunk(node().put("role", "assistant").put("content", ""), null);
    }

    private void block(int index, JsonNode block) {
        if (block.path("type").asString("").equals("tool_use")) {
            Call call = new Call(calls.size());
            calls.put(index, call);
            if (!answersByTool) {
                ObjectNode delta = node();
                delta.putArray("tool_calls")
                        .addObject()
                        .put("index", call.number)
                        .put("id", block.path("id").asString(""))
                        .put("type", "function")
                        .putObject("function")
                        .put("name", block.path("name").asString(""))
                        .put("arguments", "");
                chunk(delta, null);
            }
        } else if (!block.path("text").asString("").isEmpty()) {
            chunk(node().put("content", block.path("text").asString("")), null);
        }
    }

    private void delta(int index, JsonNode delta) {
        switch (delta.path("type").asString("")) {
            case "text_delta" ->
                    chunk(node().put("content", delta.path("text").asString("")), null);
            case "thinking_delta" ->
                    chunk(
                            node().put("reasoning_content", delta.path("thinking").asString("")),
                            null);
            case "input_json_delta" -> arguments(index, delta.path("partial_json").asString(""));
            default -> {
                // Signatures and citations have no place in a chunk.
            }
        }
    }

    private void arguments(int index, String partial) {
        Call call = calls.get(index);
        if (call == null || partial.isEmpty()) {
            return;
        }
        call.begun = true;
        if (answersByTool) {
            chunk(node().put("content", partial), null);
            return;
        }
        ObjectNode delta = node();
        delta.putArray("tool_calls")
                .addObject()
                .put("index", call.number)
                .putObject("function")
                .put("arguments", partial);
        chunk(delta, null);
    }

    /// A call without arguments has an empty object of them, which is not streamed there.
    private void blockEnd(int index) {
        Call call = calls.get(index);
        if (call != null && !call.begun) {
            arguments(index, "{}");
        }
    }

    private void finish() {
        chunk(node(), StopReason.of(stopReason, answersByTool));
        if (usageWanted) {
            ObjectNode last = head();
            last.putArray("choices");
            last.set("usage", tokens.json());
            write(MessagesRequest.JSON.writeValueAsBytes(last));
        }
        write("[DONE]".getBytes(StandardCharsets.US_ASCII));
        ended = true;
    }

    private void chunk(ObjectNode delta, @Nullable String finish) {
        ObjectNode chunk = head();
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs");
        if (finish == null) {
            choice.putNull("finish_reason");
        } else {
            choice.put("finish_reason", finish);
        }
        if (usageWanted) {
            chunk.putNull("usage");
        }
        write(MessagesRequest.JSON.writeValueAsBytes(chunk));
    }

    private ObjectNode head() {
        return node().put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created)
                .put("model", model);
    }

    private static ObjectNode node() {
        return MessagesRequest.JSON.createObjectNode();
    }

    private void write(byte[] data) {
        out.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(data);
        out.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
    }

    /// A call of a tool that is being streamed.
    private static final class Call {
        private final int number;
        private boolean begun;

        Call(int number) {
            this.number = number;
        }
    }
}
