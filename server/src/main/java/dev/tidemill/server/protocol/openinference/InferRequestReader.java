package dev.tidemill.server.protocol.openinference;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import dev.tidemill.runtimes.spi.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads an inference request token by token. Unknown keys are skipped; known ones must be exactly
/// as the protocol says, because a request that is half understood gives a wrong answer instead of
/// an error.
final class InferRequestReader {
    private static final JsonFactory FACTORY = Json.factory();

    private final byte[] body;
    private Optional<String> id = Optional.empty();
    private @Nullable List<Tensor> inputs;
    private List<String> outputs = List.of();

    private InferRequestReader(byte[] body) {
        this.body = body;
    }

    /// @throws TidemillException `INVALID_REQUEST`
    static InferRequest read(byte[] body) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            return new InferRequestReader(body).read(parser);
        } catch (JacksonException e) {
            throw Json.invalid(e);
        }
    }

    static TidemillException invalid(String what, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(what, value, expected));
    }

    /// Reads a text value.
    static String text(JsonParser parser, String what) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw invalid(what, kind(parser), "text");
        }
        return parser.getString();
    }

    /// Skips parameters, which mean nothing to us yet, but are values and not structures.
    static void parameters(JsonParser parser, String what) {
        require(parser, JsonToken.START_OBJECT, what, "an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (!parser.nextToken().isScalarValue()) {
                throw invalid(what + "." + name, kind(parser), "text, a number, true or false");
            }
        }
    }

    static void require(JsonParser parser, JsonToken token, String what, String expected) {
        if (parser.currentToken() != token) {
            throw invalid(what, kind(parser), expected);
        }
    }

    /// What stands at the parser's place, for messages.
    static String kind(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "text";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a fraction";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NULL -> "null";
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    "nothing";
        };
    }

    private InferRequest read(JsonParser parser) {
        parser.nextToken();
        require(parser, JsonToken.START_OBJECT, "body", "an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "id" -> id = Optional.of(text(parser, "id"));
                case "inputs" -> inputs = readInputs(parser);
                case "outputs" -> outputs = readOutputs(parser);
                case "parameters" -> parameters(parser, "parameters");
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw invalid("body", "more after its end", "one JSON object");
        }
        if (inputs == null || inputs.isEmpty()) {
            throw invalid("inputs", inputs == null ? "missing" : "[]", "at least one input");
        }
        return new InferRequest(id, inputs, outputs);
    }

    private List<Tensor> readInputs(JsonParser parser) {
        require(parser, JsonToken.START_ARRAY, "inputs", "an array");
        List<Tensor> read = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            read.add(new TensorReader(read.size(), body.length).read(parser));
        }
        return read;
    }

    private static List<String> readOutputs(JsonParser parser) {
        require(parser, JsonToken.START_ARRAY, "outputs", "an array");
        List<String> names = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String name = readOutput(parser, "outputs[" + names.size() + "]");
            if (names.contains(name)) {
                throw invalid("outputs", name, "each output once");
            }
            names.add(name);
        }
        return names;
    }

    private static String readOutput(JsonParser parser, String what) {
        require(parser, JsonToken.START_OBJECT, what, "an object");
        String name = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "name" -> name = text(parser, what + ".name");
                case "parameters" -> parameters(parser, what + ".parameters");
                default -> parser.skipChildren();
            }
        }
        if (name == null) {
            throw invalid(what + ".name", "missing", "the name of an output");
        }
        return name;
    }
}
