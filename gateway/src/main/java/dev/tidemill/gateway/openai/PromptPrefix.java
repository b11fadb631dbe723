package dev.tidemill.gateway.openai;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// What a request to a language model begins with, as a number: the same for every turn of a
/// conversation, whose earlier messages come first each time.
public final class PromptPrefix {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(500)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /// Of a prompt that is one text: a few blocks of a server's cache.
    private static final int PROMPT_BYTES = 1024;

    private static final int MESSAGES_BYTES = 32 * 1024;

    private PromptPrefix() {}

    /// Of `messages` (or `input`, when it is a list), everything up to the first message of the
    /// user; of `prompt` (or `input`), its beginning.
    ///
    /// @return 0 when it has none of them
    public static long of(byte[] body) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (key.equals("messages") || key.equals("prompt") || key.equals("input")) {
                    int from = (int) parser.currentTokenLocation().getByteOffset();
                    if (value != JsonToken.START_ARRAY) {
                        return hash(body, from, Math.min(body.length, from + PROMPT_BYTES));
                    }
                    int to = endOfFirstTurn(parser);
                    return hash(body, from, Math.min(to, from + MESSAGES_BYTES));
                }
                parser.skipChildren();
            }
        } catch (JacksonException e) {
            // It has been read before, so it is only too deep for this.
        }
        return 0;
    }

    private static int endOfFirstTurn(JsonParser parser) {
        JsonToken token = parser.nextToken();
        while (token != null && token != JsonToken.END_ARRAY) {
            boolean user = token == JsonToken.START_OBJECT && isUser(parser);
            if (token == JsonToken.START_ARRAY) {
                parser.skipChildren();
            }
            if (user) {
                break;
            }
            token = parser.nextToken();
        }
        return (int) parser.currentLocation().getByteOffset();
    }

    private static boolean isUser(JsonParser parser) {
        boolean user = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean role = parser.currentName().equals("role");
            JsonToken value = parser.nextToken();
            if (role && value == JsonToken.VALUE_STRING) {
                user = parser.getString().equals("user");
            } else {
                parser.skipChildren();
            }
        }
        return user;
    }

    private static long hash(byte[] body, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ body[i]) * 0x100000001b3L;
        }
        return hash == 0 ? 1 : hash;
    }
}
