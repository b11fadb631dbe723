package dev.tidemill.server.protocol.openinference;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.Json;
import dev.tidemill.runtimes.spi.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads an inference request token by token. Unknown keys are skipped; known ones must be exactly
/// as the protocol says, because a request that is half understood gives a wrong answer instead of
/// an error.
final class InferRequestReader {
    private final JsonText json;
    private final BinaryTail tail;
    private final Bodies.Budget reservation;
    private Optional<String> id = Optional.empty();
    private @Nullable List<Tensor> inputs;
    private List<RequestedOutput> outputs = List.of();
    private Parameters parameters = Parameters.NONE;

    private InferRequestReader(JsonText json, Bodies.Budget reservation) {
        this.json = json;
        this.tail = new BinaryTail(json.body(), json.length(), reservation);
        this.reservation = reservation;
    }

    /// Bound by nothing but the body, which is in memory.
    ///
    /// @throws TidemillException `INVALID_REQUEST`
    static InferRequest read(byte[] body) {
        return read(body, body.length, Bodies.Budget.UNLIMITED);
    }

    /// @param jsonBytes how much of the body is JSON; binary tensors follow it
    /// @param reservation asked before memory is taken, because a few bytes can stand for many
    static InferRequest read(byte[] body, int jsonBytes, Bodies.Budget reservation) {
        JsonText json = new JsonText(body, jsonBytes);
        try (JsonParser parser = json.parser()) {
            return new InferRequestReader(json, reservation).read(parser);
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
        String text = parser.getString();
        if (!Json.isWhole(text)) {
            throw invalid(what, "half a character", "text of whole characters");
        }
        return text;
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
                case "parameters" -> parameters = Parameters.read(parser, "parameters");
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw invalid("body", "more after its end", "one JSON object");
        }
        if (inputs == null || inputs.isEmpty()) {
            throw invalid("inputs", inputs == null ? "missing" : "[]", "at least one input");
        }
        tail.requireEnd();
        return new InferRequest(
                id,
                inputs,
                outputs,
                parameters.truth("binary_data_output").orElse(false),
                json.length() < json.body().length
                        || parameters.truth("binary_data_output").orElse(false),
                parameters.priority(),
                parameters.timeout());
    }

    private List<Tensor> readInputs(JsonParser parser) {
        require(parser, JsonToken.START_ARRAY, "inputs", "an array");
        List<Tensor> read = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            read.add(new TensorReader(read.size(), json, tail, reservation).read(parser));
        }
        return read;
    }

    private static List<RequestedOutput> readOutputs(JsonParser parser) {
        require(parser, JsonToken.START_ARRAY, "outputs", "an array");
        List<RequestedOutput> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            RequestedOutput output = readOutput(parser, "outputs[" + read.size() + "]");
            if (!names.add(output.name())) {
                throw invalid("outputs", output.name(), "each output once");
            }
            read.add(output);
        }
        return read;
    }

    private static RequestedOutput readOutput(JsonParser parser, String what) {
        require(parser, JsonToken.START_OBJECT, what, "an object");
        String name = null;
        Parameters parameters = Parameters.NONE;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "name" -> name = text(parser, what + ".name");
                case "parameters" -> parameters = Parameters.read(parser, what + ".parameters");
                default -> parser.skipChildren();
            }
        }
        if (name == null) {
            throw invalid(what + ".name", "missing", "the name of an output");
        }
        long classes = parameters.integer("classification").orElse(0L);
        return new RequestedOutput(
                name, parameters.truth("binary_data"), (int) Math.min(Integer.MAX_VALUE, classes));
    }
}
