package dev.tidemill.gateway.cache;

import dev.tidemill.common.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// What of a request decides its answer: every value of its body but those that only say whom it is
/// for. White space and the order of the outermost keys do not count; everything inside of them
/// does, since a model reads it.
///
/// @param exact of all of it
/// @param around of all but the text of the last message, if that is a user's
/// @param lastMessage that text
/// @param repeatable whether the same answer is asked for: temperature 0, or a seed
/// @param keepable whether nothing else happens with it: what is stored or continued elsewhere is
///   not
public record Question(
        CacheKey exact,
        CacheKey around,
        Optional<String> lastMessage,
        boolean repeatable,
        boolean keepable) {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(500)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /// Whom it is for, and how providers sort it.
    private static final Set<String> IRRELEVANT =
            Set.of(
                    "user",
                    "safety_identifier",
                    "prompt_cache_key",
                    "prompt_cache_retention",
                    "metadata");

    /// Keys of `/v1/responses` that reach beyond the request.
    private static final Set<String> ELSEWHERE =
            Set.of("previous_response_id", "conversation", "background");

    /// @param prefix who may have the answer, and who gives it
    /// @return null when the body is not what it seems: a key that comes twice
    static @Nullable Question read(String prefix, String path, byte[] body) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            return new Reading(parser, path).question(prefix);
        } catch (JacksonException _) {
            return null;
        }
    }

    /// Reads one body. Used once.
    private static final class Reading {
        private final JsonParser parser;
        private final String path;
        private final Map<String, byte[]> values = new TreeMap<>();
        private boolean zero;
        private boolean seeded;
        private boolean stored;
        private boolean keepable = true;
        private byte[] messagesAround = new byte[0];
        private @Nullable String lastMessage;

        Reading(JsonParser parser, String path) {
            this.parser = parser;
            this.path = path;
        }

        @Nullable Question question(String prefix) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                parser.nextToken();
                if (!value(key)) {
                    return null;
                }
            }
            boolean responses = path.equals("/v1/responses");
            boolean embeddings = path.equals("/v1/embeddings");
            // Answers of /v1/responses are kept by the provider unless the request says no.
            boolean alone = keepable && (responses ? isFalse("store") : !stored);
            return new Question(
                    key(prefix, false),
                    key(prefix, true),
                    Optional.ofNullable(lastMessage),
                    zero || seeded || embeddings,
                    alone);
        }

        private boolean isFalse(String key) {
            byte[] value = values.get(key);
            MessageDigest digest = Digest.sha256();
            feed(digest, JsonToken.VALUE_FALSE, "false");
            return value != null && MessageDigest.isEqual(value, digest.digest());
        }

        /// @return false when the key came before
        private boolean value(String key) {
            JsonToken token = parser.currentToken();
            boolean there = token != JsonToken.VALUE_NULL && token != JsonToken.VALUE_FALSE;
            switch (key) {
                case "temperature" -> zero = isZero(token);
                case "seed" -> seeded = there;
                case "store" -> stored = there;
                default -> keepable &= !there || !ELSEWHERE.contains(key);
            }
            byte[] digest =
                    key.equals("messages") && token == JsonToken.START_ARRAY
                            ? messages()
                            : digest();
            return IRRELEVANT.contains(key) || values.put(key, digest) == null;
        }

        private boolean isZero(@Nullable JsonToken token) {
            return (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT)
                    && parser.getDoubleValue() == 0;
        }

        /// The digest of the value that begins here.
        private byte[] digest() {
            MessageDigest digest = Digest.sha256();
            feedValue(digest);
            return digest.digest();
        }

        private void feedValue(MessageDigest digest) {
            int depth = 0;
            while (true) {
                JsonToken token = parser.currentToken();
                if (token == null) {
                    return;
                }
                feed(digest, token, token.isStructStart() || token.isStructEnd() ? "" : text());
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0 && token != JsonToken.PROPERTY_NAME) {
                    return;
                }
                parser.nextToken();
            }
        }

        private String text() {
            return parser.currentToken() == JsonToken.PROPERTY_NAME
                    ? parser.currentName()
                    : parser.getString();
        }

        /// Messages one by one, so that the last one can be told from those before.
        private byte[] messages() {
            MessageDigest all = Digest.sha256();
            MessageDigest around = Digest.sha256();
            byte[] last = new byte[0];
            while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
                around.update(last);
                lastMessage = null;
                last = parser.currentToken() == JsonToken.START_OBJECT ? message() : digest();
                all.update(last);
            }
            if (lastMessage == null) {
                around.update(last);
            }
            messagesAround = around.digest();
            return all.digest();
        }

        /// A message's digest; [#lastMessage] becomes its text when it is a user's and nothing but
        /// a text.
        private byte[] message() {
            MessageDigest digest = Digest.sha256();
            String content = null;
            boolean user = false;
            int keys = 0;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                feed(digest, JsonToken.PROPERTY_NAME, key);
                JsonToken token = parser.nextToken();
                keys++;
                if (token == JsonToken.VALUE_STRING && key.equals("content")) {
                    content = parser.getString();
                }
                user |= key.equals("role") && parser.getString().equals("user");
                feedValue(digest);
            }
            lastMessage = user && keys == 2 ? content : null;
            return digest.digest();
        }

        private CacheKey key(String prefix, boolean withoutLast) {
            MessageDigest digest = Digest.sha256();
            feed(digest, JsonToken.VALUE_STRING, prefix);
            values.forEach((key, value) -> {
                feed(digest, JsonToken.PROPERTY_NAME, key);
                digest.update(
                        withoutLast && key.equals("messages") && messagesAround.length > 0
                                ? messagesAround
                                : value);
            });
            return CacheKey.of(digest.digest());
        }

        /// No two lists of tokens feed the same bytes.
        private static void feed(MessageDigest digest, JsonToken token, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int length = bytes.length;
            digest.update(
                    new byte[] {
                        (byte) token.id(),
                        (byte) (length >>> 24),
                        (byte) (length >>> 16),
                        (byte) (length >>> 8),
                        (byte) length
                    });
            digest.update(bytes);
        }
    }
}
