package dev.tidemill.server.protocol.openinference;

import static dev.tidemill.server.protocol.openinference.InferRequestReader.invalid;

import dev.tidemill.http.Bodies;
import dev.tidemill.http.Json;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The bodies of the model repository extension. All of them may be left out.
final class RepositoryRequest {
    private static final String FILE = "file:";

    private RepositoryRequest() {}

    /// @param config JSON text
    /// @param files by `file:1/model.onnx` and the like
    record Load(Optional<String> config, Map<String, byte[]> files) {}

    static boolean isReadyOnly(byte[] body) {
        return truth(object(body).path("ready"), "ready");
    }

    static boolean isWithDependents(byte[] body) {
        return body.length > 0
                && truth(
                        object(body).path("parameters").path("unload_dependents"),
                        "parameters.unload_dependents");
    }

    /// @param reservation asked for the texts in the body, and for the files that they stand for
    static Load load(byte[] body, Bodies.Budget reservation) {
        if (body.length == 0) {
            return new Load(Optional.empty(), Map.of());
        }
        reservation.take(body.length);
        JsonNode parameters = object(body).path("parameters");
        Optional<String> config = Optional.empty();
        Map<String, byte[]> files = new HashMap<>();
        for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
            String name = parameter.getKey();
            if (name.equals("config")) {
                config = Optional.of(text(parameter.getValue(), "parameters.config"));
            } else if (name.startsWith(FILE)) {
                String text = text(parameter.getValue(), "parameters." + name);
                reservation.take(text.length() / 4 * 3L);
                files.put(name, decoded(text, name));
            }
        }
        return new Load(config, files);
    }

    private static JsonNode object(byte[] body) {
        JsonNode json = Json.read(body, JsonNode.class);
        if (!json.isObject()) {
            throw invalid("body", "other JSON", "an object");
        }
        return json;
    }

    private static boolean truth(JsonNode value, String what) {
        if (value.isMissingNode()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw invalid(what, value.toString(), "true or false");
        }
        return value.booleanValue();
    }

    private static String text(JsonNode value, String what) {
        if (!value.isString()) {
            throw invalid(what, "no text", "text");
        }
        return value.stringValue();
    }

    private static byte[] decoded(String text, String name) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw invalid("parameters." + name, "other text", "Base64");
        }
    }
}
