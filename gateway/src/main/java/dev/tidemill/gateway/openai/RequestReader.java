package dev.tidemill.gateway.openai;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads the few keys of a request's body that decide where it goes, and skips the rest without
/// making anything of it. Keys that decide may come once only: which of two a server behind us
/// would believe is its own affair.
public final class RequestReader {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(500)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private static final Set<String> OURS =
            Set.of(
                    "model",
                    "stream",
                    "stream_options",
                    "encoding_format",
                    "max_tokens",
                    "max_completion_tokens",
                    "max_output_tokens",
                    "n",
                    "best_of");

    /// More than any provider gives.
    private static final int MOST_CHOICES = 128;

    private static final long MOST_TOKENS = 10_000_000;
    private static final String WHOLE = "a whole number";

    private final JsonParser parser;
    private final RequestKeys keys = new RequestKeys();
    private final Set<String> seen = new HashSet<>(8);

    private RequestReader(JsonParser parser) {
        this.parser = parser;
    }

    /// @throws TidemillException `INVALID_REQUEST` when it is not one JSON object with a `model`
    public static ModelRequest read(byte[] body) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            RequestReader reader = new RequestReader(parser);
            reader.object();
            return new ModelRequest(body, reader.keys);
        } catch (JacksonException e) {
            throw Json.invalid(e);
        }
    }

    private void object() {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw wrong("body", "not an object", "a JSON object");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            if (keys.firstKeyAt < 0) {
                keys.firstKeyAt = tokenAt();
            }
            String key = parser.currentName();
            if (OURS.contains(key)) {
                if (!seen.add(key)) {
                    throw wrong(key, "twice", "each key once");
                }
                parser.nextToken();
                value(key);
            } else if (key.equals("user") && parser.nextToken() == JsonToken.VALUE_STRING) {
                keys.user = parser.getString();
            } else {
                if (parser.currentToken() == JsonToken.PROPERTY_NAME) {
                    parser.nextToken();
                }
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw wrong("body", "something after its end", "one JSON object");
        }
        if (keys.modelAt < 0) {
            throw wrong("model", "missing", "the name of a model");
        }
    }

    private void value(String key) {
        JsonToken token = parser.currentToken();
        switch (key) {
            case "model" -> model(token);
            case "stream" -> keys.stream = flag(key, token);
            case "stream_options" -> options(token);
            case "encoding_format" -> {
                if (token == JsonToken.VALUE_STRING) {
                    keys.encoding = parser.getString();
                }
                parser.skipChildren();
            }
            case "n", "best_of" -> {
                keys.choices = (int) number(key, token, keys.choices, MOST_CHOICES);
            }
            default -> {
                keys.maxTokens = number(key, token, keys.maxTokens, MOST_TOKENS);
            }
        }
    }

    /// A whole number, also as `256.0` or `2.56e2`, as some clients write them: a server behind us
    /// may take that, so what it costs must be known.
    ///
    /// @param least that counts: what was said before, or what counts where nothing is
    private long number(String key, JsonToken token, long least, long most) {
        return switch (token) {
            case VALUE_NULL -> least;
            case VALUE_NUMBER_INT ->
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? large(parser.getBigIntegerValue().signum(), least, most)
                            : Math.clamp(parser.getLongValue(), least, most);
            case VALUE_NUMBER_FLOAT -> {
                double given = parser.getDoubleValue();
                if (given != Math.rint(given)) {
                    throw wrong(key, parser.getString(), WHOLE);
                }
                yield Math.clamp((long) given, least, most);
            }
            default -> throw wrong(key, "no number", WHOLE);
        };
    }

    private static long large(int sign, long least, long most) {
        return sign > 0 ? most : least;
    }

    private void model(JsonToken token) {
        if (token != JsonToken.VALUE_STRING) {
            throw wrong("model", "not a text", "the name of a model");
        }
        keys.modelAt = tokenAt();
        keys.model = parser.getString();
        keys.modelEnd = readTo();
    }

    private boolean flag(String key, JsonToken token) {
        return switch (token) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw wrong(key, "neither true nor false", "true or false");
        };
    }

    private void options(JsonToken token) {
        keys.optionsAt = tokenAt();
        if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                if (keys.optionsFirstKeyAt < 0) {
                    keys.optionsFirstKeyAt = tokenAt();
                }
                boolean ours = parser.currentName().equals("include_usage");
                JsonToken value = parser.nextToken();
                if (ours) {
                    if (keys.includeUsageAt >= 0) {
                        throw wrong("stream_options.include_usage", "twice", "each key once");
                    }
                    keys.includeUsageAt = tokenAt();
                    keys.includeUsage = flag("stream_options.include_usage", value);
                    keys.includeUsageEnd = readTo();
                } else {
                    parser.skipChildren();
                }
            }
        } else if (token != JsonToken.VALUE_NULL) {
            throw wrong("stream_options", "not an object", "an object");
        }
        keys.optionsEnd = readTo();
    }

    private int tokenAt() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private int readTo() {
        return (int) parser.currentLocation().getByteOffset();
    }

    private static TidemillException wrong(String path, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(path, value, expected));
    }
}
