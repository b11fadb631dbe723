package dev.tidemill.gateway.openai;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A request's body with what a gateway must know of it and where that stands, so that it can be
/// changed without being written anew.
public final class ModelRequest {
    private static final byte[] INCLUDE_USAGE =
            "\"stream_options\":{\"include_usage\":true}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OPTION =
            "\"include_usage\":true".getBytes(StandardCharsets.US_ASCII);

    private final byte[] body;
    private final RequestKeys keys;

    ModelRequest(byte[] body, RequestKeys keys) {
        this.body = body;
        this.keys = keys;
    }

    /// As the client calls it.
    public String model() {
        return keys.model;
    }

    /// Whom it is for, as the client calls them; empty when it does not say.
    public String user() {
        return keys.user;
    }

    public boolean stream() {
        return keys.stream;
    }

    /// Whether the client wants a stream to tell its usage.
    public boolean wantsUsage() {
        return keys.includeUsage;
    }

    /// `base64` or `float`, the default.
    public boolean wantsBase64() {
        return keys.encoding.equals("base64");
    }

    /// The tokens that it will use at most, roughly: four bytes make a token of the question, and
    /// the answer has as many as it may have.
    ///
    /// @param answer for requests that do not say how long their answer may be
    public long estimate(long answer) {
        return question() + answer(answer);
    }

    /// The question's part of [#estimate].
    public long question() {
        return body.length / 4;
    }

    /// The answer's part of [#estimate].
    public long answer(long otherwise) {
        return keys.choices * (keys.maxTokens >= 0 ? keys.maxTokens : otherwise);
    }

    /// The body as it is sent.
    ///
    /// @param as another model's name, or null
    /// @param usage whether the stream must tell its usage
    public byte[] body(@Nullable String as, boolean usage) {
        boolean add = usage && !keys.includeUsage;
        if (as == null && !add) {
            return body;
        }
        Splice splice = new Splice(body);
        if (add) {
            if (keys.optionsAt < 0) {
                splice.insert(keys.firstKeyAt, INCLUDE_USAGE, true);
            } else if (keys.includeUsageAt >= 0) {
                splice.replace(keys.includeUsageAt, keys.includeUsageEnd, "true");
            } else if (keys.optionsFirstKeyAt >= 0) {
                splice.insert(keys.optionsFirstKeyAt, OPTION, true);
            } else {
                splice.replace(keys.optionsAt, keys.optionsEnd, "{\"include_usage\":true}");
            }
        }
        if (as != null) {
            splice.replace(keys.modelAt, keys.modelEnd, quoted(as));
        }
        return splice.bytes();
    }

    /// Names of models in configurations need no escapes.
    private static String quoted(String name) {
        return '"' + name + '"';
    }
}
