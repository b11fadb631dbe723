package dev.tidemill.gateway.anthropic;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A whole message as a chat completion.
final class ChatAnswer {
    private ChatAnswer() {}

    /// @param created seconds since 1970
    /// @throws IllegalArgumentException when it is no message
    static byte[] of(byte[] body, boolean answersByTool, long created) {
        JsonNode message;
        try {
            message = MessagesRequest.JSON.readTree(body);
        } catch (tools.jackson.core.JacksonException e) {
            throw new IllegalArgumentException("it is no JSON", e);
        }
        if (!message.path("content").isArray()) {
            throw new IllegalArgumentException("it has no content");
        }
        ObjectNode chat =
                MessagesRequest.JSON
                        .createObjectNode()
                        .put("id", message.path("id").asString(""))
                        .put("object", "chat.completion")
                        .put("created", created)
                        .put("model", message.path("model").asString(""));
        ObjectNode choice = chat.putArray("choices").addObject().put("index", 0);
        choice.set("message", said(message.path("content"), answersByTool));
        choice.putNull("logprobs");
        choice.put(
                "finish_reason",
                StopReason.of(message.path("stop_reason").asString(""), answersByTool));
        chat.set("usage", TokenCounts.NONE.with(message.path("usage")).json());
        return MessagesRequest.JSON.writeValueAsBytes(chat);
    }

    private static ObjectNode said(JsonNode content, boolean answersByTool) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        ArrayNode calls = MessagesRequest.JSON.createArrayNode();
        for (JsonNode block : content) {
            switch (block.path("type").asString("")) {
                case "text" -> text.append(block.path("text").asString(""));
                case "thinking" -> thoughts.append(block.path("thinking").asString(""));
                case "tool_use" -> {
                    if (answersByTool) {
                        text.append(block.path("input"));
                    } else {
                        call(block, calls);
                    }
                }
                default -> {
                    // Of no use to a client that speaks OpenAI's protocol.
                }
            }
        }
        ObjectNode said = MessagesRequest.JSON.createObjectNode().put("role", "assistant");
        if (text.isEmpty() && !calls.isEmpty()) {
            said.putNull("content");
        } else {
            said.put("content", text.toString());
        }
        said.putNull("refusal");
        if (!thoughts.isEmpty()) {
            said.put("reasoning_content", thoughts.toString());
        }
        if (!calls.isEmpty()) {
            said.set("tool_calls", calls);
        }
        return said;
    }

    private static void call(JsonNode block, ArrayNode calls) {
        calls.addObject()
                .put("id", block.path("id").asString(""))
                .put("type", "function")
                .putObject("function")
                .put("name", block.path("name").asString(""))
                .put("arguments", block.path("input").toString());
    }
}
