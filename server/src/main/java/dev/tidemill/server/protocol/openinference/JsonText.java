package dev.tidemill.server.protocol.openinference;

import dev.tidemill.http.Json;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/// The JSON of a body, which can be read again from a place in it.
///
/// @param length how much of the body is JSON
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record JsonText(byte[] body, int length) {
    private static final JsonFactory FACTORY =
            Json.factory().rebuild().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    JsonParser parser() {
        return FACTORY.createParser(ObjectReadContext.empty(), body, 0, length);
    }

    /// Where the array begins that the parser stands at.
    int placeOfArray(JsonParser parser) {
        long at = parser.currentTokenLocation().getByteOffset();
        // Other encodings than UTF-8 are read as characters, whose places are not known.
        if (at < 0 || at >= length || body[(int) at] != '[') {
            throw InferRequestReader.invalid(
                    "body", "data before its shape", "UTF-8, or the shape first");
        }
        return (int) at;
    }

    JsonParser parserFrom(int place) {
        return FACTORY.createParser(ObjectReadContext.empty(), body, place, length - place);
    }
}
