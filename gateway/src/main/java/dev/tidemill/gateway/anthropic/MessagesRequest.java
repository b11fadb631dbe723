package dev.tidemill.gateway.anthropic;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A chat completion's request as one of the Messages API.
///
/// What has no counterpart and changes no meaning (`seed`, penalties, `logprobs`, ...) is left out;
/// what the client would miss (`n`, sounds) is refused.
final class MessagesRequest {
    static final JsonMapper JSON = JsonMapper.shared();

    /// The tool by which an answer is made to fit a schema: its input is the answer.
    static final String ANSWER_TOOL = "answer";

    private final JsonNode chat;
    private final ObjectNode made = JSON.createObjectNode();
    private boolean answersByTool;

    private MessagesRequest(JsonNode chat) {
        this.chat = chat;
    }

    /// @param as the model's name that is sent; null: the client's
    /// @throws TidemillException `INVALID_REQUEST` for what cannot be said there
    static Made of(byte[] body, @Nullable String as, AnthropicRules rules) {
        JsonNode chat;
        try {
            chat = JSON.readTree(body);
        } catch (JacksonException e) {
            throw Json.invalid(e);
        }
        MessagesRequest request = new MessagesRequest(chat);
        request.write(as, rules);
        return new Made(JSON.writeValueAsBytes(request.made), request.answersByTool);
    }

    /// @param answersByTool whether the input of [#ANSWER_TOOL] is the answer
    @SuppressWarnings("ArrayRecordComponent") // Read once, compared by nobody.
    record Made(byte[] body, boolean answersByTool) {}

    private void write(@Nullable String as, AnthropicRules rules) {
        if (chat.path("n").asInt(1) > 1) {
            throw wrong("n", chat.path("n").asString(), "1: this model gives one answer");
        }
        made.put("model", as != null ? as : chat.path("model").asString(""));
        made.put("max_tokens", maxTokens(rules));
        MessageBlocks blocks = MessageBlocks.of(chat.path("messages"));
        ArrayNode system = blocks.system();
        if (!system.isEmpty()) {
            made.set("system", system);
        }
        made.set("messages", blocks.messages());
        sampling();
        stop();
        tools();
        answerFormat(system);
        if (chat.path("stream").asBoolean(false)) {
            made.put("stream", true);
        }
        if (chat.path("user").isString()) {
            made.putObject("metadata").put("user_id", chat.path("user").stringValue());
        }
        if (chat.path("thinking").isObject()) {
            made.set("thinking", chat.path("thinking"));
        }
        if (rules.cachesPrompts()) {
            PromptCaching.mark(made, rules.cachesLonger());
        }
    }

    private long maxTokens(AnthropicRules rules) {
        for (String key : new String[] {"max_completion_tokens", "max_tokens"}) {
            if (chat.path(key).isNumber()) {
                return chat.path(key).asLong(rules.maxTokens());
            }
        }
        return rules.maxTokens();
    }

    /// A temperature there is at most 1.
    private void sampling() {
        if (chat.path("temperature").isNumber()) {
            made.put("temperature", Math.min(1, chat.path("temperature").asDouble()));
        }
        for (String same : new String[] {"top_p", "top_k"}) {
            if (chat.path(same).isNumber()) {
                made.set(same, chat.path(same));
            }
        }
    }

    private void stop() {
        JsonNode stop = chat.path("stop");
        if (stop.isString()) {
            made.putArray("stop_sequences").add(stop.stringValue());
        } else if (stop.isArray() && !stop.isEmpty()) {
            made.set("stop_sequences", stop);
        }
    }

    private void tools() {
        if (!chat.path("tools").isArray() || chat.path("tools").isEmpty()) {
            return;
        }
        ArrayNode tools = made.putArray("tools");
        for (JsonNode tool : chat.path("tools")) {
            JsonNode function = tool.path("function");
            if (!tool.path("type").asString("").equals("function") || !function.isObject()) {
                throw wrong(
                        "tools.type", tool.path("type").asString(""), "function, for this model");
            }
            ObjectNode one = tools.addObject().put("name", function.path("name").asString(""));
            if (function.path("description").isString()) {
                one.put("description", function.path("description").stringValue());
            }
            one.set("input_schema", schema(function.path("parameters")));
            if (tool.has(PromptCaching.MARK)) {
                one.set(PromptCaching.MARK, tool.path(PromptCaching.MARK));
            }
        }
        toolChoice();
    }

    private void toolChoice() {
        JsonNode choice = chat.path("tool_choice");
        boolean single =
                chat.path("parallel_tool_calls").isBoolean()
                        && !chat.path("parallel_tool_calls").booleanValue();
        if (choice.isMissingNode() || choice.isNull()) {
            if (single) {
                made.putObject("tool_choice")
                        .put("type", "auto")
                        .put("disable_parallel_tool_use", true);
            }
            return;
        }
        ObjectNode chosen = made.putObject("tool_choice");
        String word = choice.isString() ? choice.stringValue() : "";
        switch (word) {
            case "auto", "none" -> chosen.put("type", word);
            case "required" -> chosen.put("type", "any");
            default -> {
                String name = choice.path("function").path("name").asString("");
                if (name.isEmpty()) {
                    throw wrong("tool_choice", word, "auto, none, required or a function's name");
                }
                chosen.put("type", "tool").put("name", name);
            }
        }
        if (single && !word.equals("none")) {
            chosen.put("disable_parallel_tool_use", true);
        }
    }

    private void answerFormat(ArrayNode system) {
        JsonNode format = chat.path("response_format");
        switch (format.path("type").asString("text")) {
            case "text" -> {}
            case "json_object" -> {
                system.addObject()
                        .put("type", "text")
                        .put("text", "Answer with one JSON object and nothing else.");
                made.set("system", system);
            }
            case "json_schema" -> {
                if (made.has("tools")) {
                    throw wrong(
                            "response_format.type",
                            "json_schema",
                            "text or json_object where there are tools, for this model");
                }
                answersByTool = true;
                made.putArray("tools")
                        .addObject()
                        .put("name", ANSWER_TOOL)
                        .put("description", "Gives the answer.")
                        .set("input_schema", schema(format.path("json_schema").path("schema")));
                made.putObject("tool_choice").put("type", "tool").put("name", ANSWER_TOOL);
            }
            default ->
                    throw wrong(
                            "response_format.type",
                            format.path("type").asString(""),
                            "text, json_object or json_schema");
        }
    }

    private static JsonNode schema(JsonNode given) {
        return given.isObject()
                ? given
                : JSON.createObjectNode()
                        .put("type", "object")
                        .set("properties", JSON.createObjectNode());
    }

    static TidemillException wrong(String path, @Nullable String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(path, value, expected));
    }
}
