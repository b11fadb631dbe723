package dev.tidemill.server.modelconfig;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// JSON as the same tree that text format makes. Keys may be `max_batch_size` or `maxBatchSize`, as
/// in protocol buffers' own JSON; the keys of maps stay as they are.
final class JsonNodes {
    private JsonNodes() {}

    static Node.Message parse(String source, String json) {
        JsonNode tree;
        try {
            tree = Json.MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC, source + ": " + Json.invalid(e).getMessage(), e);
        }
        if (!tree.isObject()) {
            throw TextProto.refused(source, tree.getNodeType().toString(), "a JSON object");
        }
        return message(source, tree, false);
    }

    private static Node.Message message(String place, JsonNode object, boolean map) {
        List<Node.Field> fields = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String name = map ? entry.getKey() : snakeCase(entry.getKey());
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                continue;
            }
            if (value.isArray() && !map) {
                value.forEach(item -> fields.add(field(place, name, item)));
            } else {
                fields.add(field(place, name, value));
            }
        }
        return new Node.Message(fields);
    }

    private static Node.Field field(String place, String name, JsonNode value) {
        if (value.isObject()) {
            boolean map = MAPS.contains(name);
            return new Node.Field(name, place, message(place, value, map));
        }
        Node.Kind kind =
                value.isString()
                        ? Node.Kind.STRING
                        : value.isNumber() ? Node.Kind.NUMBER : Node.Kind.WORD;
        return new Node.Field(
                name, place, new Node.Scalar(kind, value.isArray() ? "[...]" : value.asString()));
    }

    private static final List<String> MAPS =
            List.of(
                    "parameters",
                    "inputs",
                    "input_map",
                    "output_map",
                    "priority_queue_policy",
                    "cc_model_filenames",
                    "metric_tags");

    private static String snakeCase(String key) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                snake.append('_').append((char) (c | 0x20));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }
}
