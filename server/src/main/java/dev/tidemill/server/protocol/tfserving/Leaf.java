package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import dev.tidemill.runtimes.spi.DataType;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.Base64Variant;
import tools.jackson.core.Base64Variants;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads single JSON values into a column.
record Leaf(Column column, Leniency leniency) {
    /// Padding may be left out, white space is skipped.
    private static final Base64Variant BASE64 =
            Base64Variants.MIME_NO_LINEFEEDS.withReadPadding(
                    Base64Variant.PaddingReadBehaviour.PADDING_ALLOWED);

    private static final int LONGEST_QUOTE = 64;

    /// How exact numbers must be.
    enum Leniency {
        /// TensorFlow Serving's: 1.0 is no integer, true is no number.
        NONE,
        /// What numpy makes of a list: 1.0 is an integer, true is 1.
        NUMPY
    }

    /// @param token where the parser is
    void read(JsonParser parser, JsonToken token) {
        switch (token) {
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> fraction(parser);
            case VALUE_TRUE -> truth(true);
            case VALUE_FALSE -> truth(false);
            case VALUE_STRING -> text(parser);
            case START_OBJECT -> column.add(base64Object(parser));
            default -> throw column.wrongType("null", "Null");
        }
    }

    private void integer(JsonParser parser) {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            column.add(parser.getBigIntegerValue());
        } else {
            column.add(parser.getLongValue());
        }
    }

    private void fraction(JsonParser parser) {
        switch (column.spec().type()) {
            case FP32 -> {
                float value = parser.getFloatValue();
                if (Float.isInfinite(value) && !parser.isNaN()) {
                    requireRange(Double.parseDouble(parser.getString()));
                }
                column.add(value);
            }
            case FP64 -> {
                double value = parser.getDoubleValue();
                if (!parser.isNaN()) {
                    requireRange(value);
                }
                column.add(value);
            }
            default -> {
                double value = parser.getDoubleValue();
                if (leniency == Leniency.NONE
                        || value != Math.rint(value)
                        || Math.abs(value) >= 1L << 53) {
                    throw column.wrongType(quote(parser), "Number");
                }
                column.add((long) value);
            }
        }
    }

    /// Infinity may be said, not meant.
    private static void requireRange(double value) {
        if (Double.isInfinite(value)) {
            throw Signatures.refused("JSON Parse error: Number too big to be stored in double.");
        }
    }

    private void truth(boolean value) {
        DataType type = column.spec().type();
        if (leniency == Leniency.NUMPY && type != DataType.BOOL && type != DataType.BYTES) {
            column.add(value ? 1L : 0L);
        } else {
            column.add(value);
        }
    }

    private void text(JsonParser parser) {
        if (column.spec().type() != DataType.BYTES) {
            throw column.wrongType('"' + quote(parser) + '"', "String");
        }
        String text = parser.getString();
        if (!Json.isWhole(text)) {
            throw Signatures.refused("JSON Value: half a character is no text");
        }
        column.add(text.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] base64Object(JsonParser parser) {
        if (column.spec().type() != DataType.BYTES) {
            throw column.wrongType("{...}", "Object");
        }
        if (parser.nextToken() == JsonToken.PROPERTY_NAME
                && parser.currentName().equals("b64")
                && parser.nextToken() == JsonToken.VALUE_STRING) {
            byte[] value = base64(parser);
            if (parser.nextToken() == JsonToken.END_OBJECT) {
                return value;
            }
        }
        throw Signatures.refused("JSON Value: {...} not formatted correctly for base64 data");
    }

    private static byte[] base64(JsonParser parser) {
        try {
            return parser.getBinaryValue(BASE64);
        } catch (JacksonException e) {
            throw new TidemillException(ErrorCode.INVALID_REQUEST, "Unable to base64 decode", e);
        }
    }

    static byte[] base64(String text) {
        try {
            return BASE64.decode(text);
        } catch (IllegalArgumentException e) {
            throw new TidemillException(ErrorCode.INVALID_REQUEST, "Unable to base64 decode", e);
        }
    }

    /// The value at the parser's place, or the beginning of it.
    static String quote(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == null || !token.isScalarValue()) {
            return "{...}";
        }
        String text = String.valueOf(parser.getString());
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    }
}
