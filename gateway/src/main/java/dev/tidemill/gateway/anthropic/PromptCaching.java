package dev.tidemill.gateway.anthropic;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Marks how far of a prompt the provider should keep for the next request: its tools, its system
/// texts, and its last two turns of the user, of which the earlier was the last one of the request
/// before. Four marks are the most that the provider takes. A client that sets marks itself knows
/// better.
final class PromptCaching {
    static final String MARK = "cache_control";
    private static final int TURNS = 2;

    private PromptCaching() {}

    /// @param longer whether to keep it for an hour, and not for five minutes
    static void mark(ObjectNode request, boolean longer) {
        if (isMarked(request)) {
            return;
        }
        markLast(request.path("tools"), longer);
        markLast(request.path("system"), longer);
        JsonNode messages = request.path("messages");
        int left = TURNS;
        for (int i = messages.size() - 1; i >= 0 && left > 0; i--) {
            if (messages.get(i).path("role").asString("").equals("user")) {
                markLast(messages.get(i).path("content"), longer);
                left--;
            }
        }
    }

    private static boolean isMarked(JsonNode request) {
        return request.findValue(MARK) != null;
    }

    private static void markLast(JsonNode blocks, boolean longer) {
        if (blocks instanceof ArrayNode array
                && !array.isEmpty()
                && array.get(array.size() - 1) instanceof ObjectNode last) {
            ObjectNode mark = last.putObject(MARK).put("type", "ephemeral");
            if (longer) {
                mark.put("ttl", "1h");
            }
        }
    }
}
