package dev.tidemill.gateway.anthropic;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The provider's errors in OpenAI's form.
final class ChatErrors {
    private static final int OVERLOADED = 529;

    private ChatErrors() {}

    /// 529 is the provider's own; everybody knows 503.
    static int status(int status) {
        return status == OVERLOADED ? 503 : status;
    }

    static byte[] of(byte[] body) {
        JsonNode error = MessagesRequest.JSON.createObjectNode();
        try {
            error = MessagesRequest.JSON.readTree(body).path("error");
        } catch (JacksonException e) {
            // Then there is nothing to tell of it.
        }
        String kind = error.path("type").asString("api_error");
        ObjectNode answer = MessagesRequest.JSON.createObjectNode();
        ObjectNode told =
                answer.putObject("error")
                        .put(
                                "message",
                                error.path("message").asString("the upstream failed to answer"))
                        .put("type", type(kind))
                        .putNull("param");
        String code = code(kind);
        if (code == null) {
            told.putNull("code");
        } else {
            told.put("code", code);
        }
        return MessagesRequest.JSON.writeValueAsBytes(answer);
    }

    private static String type(String kind) {
        return switch (kind) {
            case "invalid_request_error", "not_found_error", "request_too_large" ->
                    "invalid_request_error";
            case "authentication_error", "permission_error", "rate_limit_error" -> kind;
            case "billing_error" -> "insufficient_quota";
            default -> "server_error";
        };
    }

    private static @Nullable String code(String kind) {
        return switch (kind) {
            case "not_found_error" -> "model_not_found";
            case "authentication_error" -> "invalid_api_key";
            case "rate_limit_error" -> "rate_limit_exceeded";
            case "overloaded_error" -> "overloaded";
            default -> null;
        };
    }
}
