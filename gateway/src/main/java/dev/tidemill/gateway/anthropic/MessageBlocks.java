package dev.tidemill.gateway.anthropic;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A chat's messages as blocks: system texts by themselves, and turns of user and assistant that
/// take turns, with what tools have answered at the beginning of the user's. Used once.
final class MessageBlocks {
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";
    private static final String BASE64 = ";base64,";

    private final ArrayNode system = MessagesRequest.JSON.createArrayNode();
    private final ArrayNode messages = MessagesRequest.JSON.createArrayNode();
    private String role = "";
    private ArrayNode turn = MessagesRequest.JSON.createArrayNode();

    private MessageBlocks() {}

    static MessageBlocks of(JsonNode chat) {
        if (!chat.isArray()) {
            throw MessagesRequest.wrong("messages", "missing", "a list of messages");
        }
        MessageBlocks blocks = new MessageBlocks();
        for (JsonNode message : chat) {
            blocks.add(message);
        }
        blocks.trimEnd();
        return blocks;
    }

    ArrayNode system() {
        return system;
    }

    ArrayNode messages() {
        return messages;
    }

    private void add(JsonNode message) {
        String said = message.path("role").asString("");
        JsonNode content = message.path("content");
        switch (said) {
            case "system", "developer" -> content(content, system);
            case USER -> content(content, turnOf(USER));
            case ASSISTANT -> assistant(message);
            case "tool" -> toolAnswer(message);
            default ->
                    throw MessagesRequest.wrong(
                            "messages.role", said, "system, developer, user, assistant or tool");
        }
    }

    private void assistant(JsonNode message) {
        ArrayNode blocks = turnOf(ASSISTANT);
        content(message.path("content"), blocks);
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            blocks.addObject()
                    .put("type", "tool_use")
                    .put("id", call.path("id").asString(""))
                    .put("name", function.path("name").asString(""))
                    .set("input", input(function.path("arguments").asString("")));
        }
        if (blocks.isEmpty()) {
            // Said nothing: there are no empty turns there.
            messages.remove(messages.size() - 1);
            role = "";
        }
    }

    /// Arguments are a text here and an object there. Models write broken ones now and then, and a
    /// conversation must not end with that.
    private static JsonNode input(String arguments) {
        try {
            JsonNode read = MessagesRequest.JSON.readTree(arguments.isBlank() ? "{}" : arguments);
            if (read.isObject()) {
                return read;
            }
        } catch (JacksonException e) {
            // As below.
        }
        return MessagesRequest.JSON.createObjectNode().put("arguments", arguments);
    }

    private void toolAnswer(JsonNode message) {
        ObjectNode result =
                turnOf(USER)
                        .addObject()
                        .put("type", "tool_result")
                        .put("tool_use_id", message.path("tool_call_id").asString(""));
        ArrayNode content = MessagesRequest.JSON.createArrayNode();
        content(message.path("content"), content);
        if (!content.isEmpty()) {
            result.set("content", content);
        }
    }

    private ArrayNode turnOf(String whose) {
        if (!role.equals(whose)) {
            role = whose;
            turn = messages.addObject().put("role", whose).putArray("content");
        }
        return turn;
    }

    private static void content(JsonNode content, ArrayNode to) {
        if (content.isString()) {
            text(content.stringValue(), null, to);
        } else if (content.isArray()) {
            for (JsonNode part : content) {
                part(part, to);
            }
        } else if (!content.isNull() && !content.isMissingNode()) {
            throw MessagesRequest.wrong("messages.content", "", "a text or a list of parts");
        }
    }

    private static void part(JsonNode part, ArrayNode to) {
        JsonNode mark = part.get(PromptCaching.MARK);
        String type = part.path("type").asString("");
        switch (type) {
            case "text" -> text(part.path("text").asString(""), mark, to);
            case "refusal" -> text(part.path("refusal").asString(""), mark, to);
            case "image_url" ->
                    source("image", part.path("image_url").path("url").asString(""), mark, to);
            case "file" ->
                    source("document", part.path("file").path("file_data").asString(""), mark, to);
            default ->
                    throw MessagesRequest.wrong(
                            "messages.content.type", type, "text, image_url or file");
        }
    }

    /// Empty texts are refused there.
    private static void text(String text, @Nullable JsonNode mark, ArrayNode to) {
        if (!text.isEmpty()) {
            marked(to.addObject().put("type", "text").put("text", text), mark);
        }
    }

    private static void source(String type, String url, @Nullable JsonNode mark, ArrayNode to) {
        ObjectNode block = to.addObject().put("type", type);
        ObjectNode source = block.putObject("source");
        int data = url.indexOf(BASE64);
        if (url.startsWith("data:") && data > 0) {
            String media = url.substring("data:".length(), data);
            int parameter = media.indexOf(';');
            source.put("type", "base64")
                    .put("media_type", parameter < 0 ? media : media.substring(0, parameter))
                    .put("data", url.substring(data + BASE64.length()));
        } else if (url.startsWith("https://") || url.startsWith("http://")) {
            source.put("type", "url").put("url", url);
        } else {
            throw MessagesRequest.wrong(
                    "messages.content." + type,
                    url.length() > 40 ? url.substring(0, 40) + "..." : url,
                    "data:MEDIA;base64,... or https://...");
        }
        marked(block, mark);
    }

    private static void marked(ObjectNode block, @Nullable JsonNode mark) {
        if (mark != null && mark.isObject()) {
            block.set(PromptCaching.MARK, mark);
        }
    }

    /// An answer that was begun for the model must not end with space.
    private void trimEnd() {
        if (role.equals(ASSISTANT)
                && !turn.isEmpty()
                && turn.get(turn.size() - 1) instanceof ObjectNode last
                && last.path("text").isString()) {
            String text = last.path("text").stringValue().stripTrailing();
            if (text.isEmpty()) {
                turn.remove(turn.size() - 1);
                if (turn.isEmpty()) {
                    messages.remove(messages.size() - 1);
                }
            } else {
                last.put("text", text);
            }
        }
    }
}
