package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/// A request's JSON object as TensorFlow Serving reads one: NaN and infinities are numbers, and
/// what follows the object is nobody's concern.
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record JsonBody(byte[] bytes) {
    static final int MAX_DEPTH = Json.MAX_DEPTH;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    // the body is bounded already, and images come as text
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /// @param member is called with the parser at the value of each member of the object, and
    ///   leaves it at that value's end
    /// @throws TidemillException `INVALID_REQUEST`
    void read(Consumer<JsonParser> member) {
        read(member, false);
    }

    /// As above, and what follows the object is wrong.
    void readWhole(Consumer<JsonParser> member) {
        read(member, true);
    }

    private void read(Consumer<JsonParser> member, boolean whole) {
        if (bytes.length == 0) {
            throw Signatures.refused("JSON Parse error: The document is empty");
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw Signatures.refused("JSON Parse error: The document is empty");
            }
            if (first != JsonToken.START_OBJECT) {
                throw Signatures.refused("JSON Value: %s Is not object".formatted(kind(first)));
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                parser.nextToken();
                member.accept(parser);
            }
            if (whole && parser.nextToken() != null) {
                throw Signatures.refused("JSON Parse error: more after the document's end");
            }
        } catch (JacksonException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "JSON Parse error: " + Json.invalid(e).getMessage(),
                    e);
        }
    }

    /// Reads the member `signature_name`.
    static String signatureName(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw Signatures.refused(
                    "JSON Value: %s not formatted correctly. 'signature_name' key must be a string value."
                            .formatted(Leaf.quote(parser)));
        }
        return parser.getString();
    }

    /// More values than there are between commas cannot come.
    int mostValues() {
        int commas = 0;
        for (byte b : bytes) {
            commas += b == ',' ? 1 : 0;
        }
        return commas + 1;
    }

    static String kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "Object";
            case START_ARRAY -> "Array";
            case VALUE_STRING -> "String";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "Number";
            case VALUE_TRUE -> "True";
            case VALUE_FALSE -> "False";
            case VALUE_NULL -> "Null";
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    "nothing";
        };
    }
}
