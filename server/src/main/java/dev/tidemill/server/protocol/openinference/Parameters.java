package dev.tidemill.server.protocol.openinference;

import static dev.tidemill.server.protocol.openinference.InferRequestReader.invalid;
import static dev.tidemill.server.protocol.openinference.InferRequestReader.kind;
import static dev.tidemill.server.protocol.openinference.InferRequestReader.require;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The `parameters` of a request, an input or an output: texts, numbers, true and false by name.
/// Names that mean nothing to us are let through.
///
/// @param what where they stand, for messages
record Parameters(String what, Map<String, Object> values) {
    static final Parameters NONE = new Parameters("parameters", Map.of());

    static Parameters read(JsonParser parser, String what) {
        require(parser, JsonToken.START_OBJECT, what, "an object");
        Map<String, Object> values = new HashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == null || !token.isScalarValue()) {
                throw invalid(what + "." + name, kind(parser), "text, a number, true or false");
            }
            values.put(name, value(parser, token));
        }
        return new Parameters(what, values);
    }

    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` when it is no integer of 0
    ///   or more
    Optional<Long> integer(String name) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Long number && number >= 0) {
            return Optional.of(number);
        }
        throw invalid(what + "." + name, String.valueOf(value), "an integer of 0 or more");
    }

    /// 0 when not said.
    int priority() {
        return (int) Math.min(Integer.MAX_VALUE, integer("priority").orElse(0L));
    }

    /// In the queue; zero when not said.
    Duration timeout() {
        long micros = Math.min(Long.MAX_VALUE / 1_000, integer("timeout").orElse(0L));
        return Duration.ofNanos(1_000 * micros);
    }

    Optional<Boolean> truth(String name) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Boolean truth) {
            return Optional.of(truth);
        }
        throw invalid(what + "." + name, String.valueOf(value), "true or false");
    }

    /// @param token a scalar
    static Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT ->
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? "an integer beyond 64 bits"
                            : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> parser.getString();
        };
    }
}
