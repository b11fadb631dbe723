package dev.tidemill.gateway.openai;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Gives embeddings in the encoding that the client asked for when the upstream knows only the
/// other: numbers, or the base64 of little-endian 32-bit floats. OpenAI's own clients ask for
/// base64 unless told otherwise, and many servers ignore that.
public final class Embeddings {
    private static final JsonFactory JSON = JsonFactory.builder().build();
    private static final byte[] KEY = {'"', 'e', 'm', 'b', 'e', 'd', 'd', 'i', 'n', 'g', '"'};

    private Embeddings() {}

    /// The answer itself when it is as wanted, or is no answer with embeddings.
    public static byte[] as(boolean base64, byte[] answer) {
        int first = firstValue(answer);
        if (first < 0 || answer[first] != (base64 ? '[' : '"')) {
            return answer;
        }
        try {
            return converted(answer);
        } catch (JacksonException | IllegalArgumentException e) {
            // The client's parser will find out what is wrong with it.
            return answer;
        }
    }

    /// Where the value after the first key `embedding` begins; -1 when there is none.
    private static int firstValue(byte[] json) {
        for (int at = 0; at + KEY.length < json.length; at++) {
            if (json[at] == '"'
                    && Arrays.mismatch(json, at, at + KEY.length, KEY, 0, KEY.length) < 0) {
                int next = skipSpace(json, at + KEY.length);
                if (next < json.length && json[next] == ':') {
                    next = skipSpace(json, next + 1);
                    return next < json.length ? next : -1;
                }
            }
        }
        return -1;
    }

    private static int skipSpace(byte[] json, int from) {
        int at = from;
        while (at < json.length
                && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
        return at;
    }

    private static byte[] converted(byte[] answer) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(answer.length);
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), answer);
                JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            boolean embedding = false;
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (embedding && token == JsonToken.START_ARRAY) {
                    json.writeString(Base64.getEncoder().encodeToString(floats(in)));
                } else if (embedding && token == JsonToken.VALUE_STRING) {
                    numbers(Base64.getDecoder().decode(in.getString()), json);
                } else {
                    json.copyCurrentEvent(in);
                }
                embedding =
                        token == JsonToken.PROPERTY_NAME && in.currentName().equals("embedding");
            }
        }
        return out.toByteArray();
    }

    private static byte[] floats(JsonParser in) {
        ByteBuffer floats = ByteBuffer.allocate(4 * 1024).order(ByteOrder.LITTLE_ENDIAN);
        for (JsonToken token = in.nextToken();
                token != JsonToken.END_ARRAY;
                token = in.nextToken()) {
            if (token == null || !token.isNumeric()) {
                throw new IllegalArgumentException("an embedding is made of numbers");
            }
            if (floats.remaining() < 4) {
                floats =
                        ByteBuffer.wrap(Arrays.copyOf(floats.array(), floats.capacity() * 2))
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .position(floats.position());
            }
            floats.putFloat(in.getFloatValue());
        }
        return Arrays.copyOf(floats.array(), floats.position());
    }

    private static void numbers(byte[] floats, JsonGenerator json) {
        if (floats.length % 4 != 0) {
            throw new IllegalArgumentException("floats have 4 bytes");
        }
        ByteBuffer numbers = ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN);
        json.writeStartArray();
        while (numbers.hasRemaining()) {
            json.writeNumber(numbers.getFloat());
        }
        json.writeEndArray();
    }
}
