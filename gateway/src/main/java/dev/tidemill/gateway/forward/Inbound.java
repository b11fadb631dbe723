package dev.tidemill.gateway.forward;

import dev.tidemill.gateway.access.AccessGate;
import dev.tidemill.gateway.anthropic.AnthropicExchange;
import dev.tidemill.gateway.openai.ModelRequest;
import dev.tidemill.gateway.openai.OpenAiPaths;
import dev.tidemill.gateway.openai.RequestReader;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.upstream.HeaderSet;
import dev.tidemill.gateway.upstream.OutgoingRequest;
import dev.tidemill.http.RequestId;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request as it came, ready to be sent to any target.
///
/// @param path with its percent-encodings
/// @param query empty when there is none
/// @param named where in the path a model's name is, or null
/// @param model what its body says, for those that are routed by it
/// @param askUsage whether its stream must tell its usage
/// @param hideKeys whether the client's key is ours and ends here
@SuppressWarnings("ArrayRecordComponent") // Read, compared by nobody.
record Inbound(
        Method method,
        String path,
        String query,
        Headers headers,
        byte[] body,
        @Nullable NameInPath named,
        @Nullable ModelRequest model,
        boolean askUsage,
        boolean hideKeys) {
    /// Tells a replica which model a path without a model's name means.
    static final HeaderName MODEL = HeaderNames.create("tidemill-model");

    private static final HeaderSet NONE = HeaderSet.of();
    private static final HeaderSet KEYS =
            HeaderSet.of(HeaderNames.AUTHORIZATION, AccessGate.X_API_KEY, AccessGate.API_KEY);

    /// What a body that was unpacked here is no more, and what an answer that is read here must not
    /// be.
    private static final HeaderSet PACKING =
            HeaderSet.of(HeaderNames.ACCEPT_ENCODING, HeaderNames.CONTENT_ENCODING);

    private static final HeaderSet KEYS_AND_PACKING =
            HeaderSet.of(
                    HeaderNames.AUTHORIZATION,
                    AccessGate.X_API_KEY,
                    AccessGate.API_KEY,
                    HeaderNames.ACCEPT_ENCODING,
                    HeaderNames.CONTENT_ENCODING);

    /// What the client calls the gateway; empty when it does not say.
    String host() {
        return headers.contains(HeaderNames.HOST) ? headers.get(HeaderNames.HOST).get() : "";
    }

    /// The same request with another body.
    Inbound with(byte[] other) {
        return new Inbound(
                method,
                path,
                query,
                headers,
                other,
                named,
                RequestReader.read(other),
                askUsage,
                hideKeys);
    }

    /// What goes to a target.
    OutgoingRequest to(Destination destination, Destination.Target target) {
        List<Header> set = new ArrayList<>(4);
        set.add(HeaderValues.create(RequestId.HEADER, RequestId.current()));
        Destination.Elsewhere elsewhere = target.elsewhere();
        boolean hide = hideKeys;
        if (elsewhere == null) {
            if (named == null && model == null && target.model() != null) {
                set.add(HeaderValues.create(MODEL, target.model()));
            }
        } else {
            set.add(elsewhere.host());
            Header credential = elsewhere.credential();
            if (credential != null) {
                set.add(credential);
                hide = true;
            }
            if (elsewhere.anthropic() != null && !headers.contains(AnthropicExchange.VERSION)) {
                set.add(AnthropicExchange.NEWEST_VERSION);
            }
        }
        String sentPath = pathTo(destination, target);
        return OutgoingRequest.of(
                method,
                query.isEmpty() ? sentPath : sentPath + "?" + query,
                headers,
                set,
                model == null ? (hide ? KEYS : NONE) : (hide ? KEYS_AND_PACKING : PACKING),
                model == null ? body : model.body(target.as(), askUsage));
    }

    /// What goes to an upstream of the Messages API: nothing of the client's but what it asked.
    OutgoingRequest toMessages(Destination.Elsewhere elsewhere, AnthropicExchange exchange) {
        List<Header> set = new ArrayList<>(6);
        set.add(HeaderValues.create(RequestId.HEADER, RequestId.current()));
        set.add(elsewhere.host());
        set.add(AnthropicExchange.NEWEST_VERSION);
        set.add(HeaderValues.CONTENT_TYPE_JSON);
        Header credential = elsewhere.credential();
        if (credential != null) {
            set.add(credential);
        } else if (!hideKeys && headers.contains(AccessGate.X_API_KEY)) {
            set.add(headers.get(AccessGate.X_API_KEY));
        }
        return OutgoingRequest.of(
                method,
                elsewhere.basePath().isEmpty()
                        ? AnthropicExchange.PATH
                        : elsewhere.basePath()
                                + AnthropicExchange.PATH.substring(OpenAiPaths.PREFIX.length() - 1),
                WritableHeaders.create(),
                set,
                NONE,
                exchange.body());
    }

    private String pathTo(Destination destination, Destination.Target target) {
        String sent = path;
        if (named != null && target.as() != null) {
            sent = path.substring(0, named.from()) + target.as() + path.substring(named.to());
        } else if (destination.stripPath() && destination.path() != null) {
            String rest = path.substring(destination.path().length());
            sent = rest.startsWith("/") ? rest : "/" + rest;
        }
        Destination.Elsewhere elsewhere = target.elsewhere();
        if (elsewhere == null || elsewhere.basePath().isEmpty()) {
            return sent;
        }
        // A URL with a path is what OpenAI's clients call a base URL: it has the /v1.
        return model != null && sent.startsWith(OpenAiPaths.PREFIX)
                ? elsewhere.basePath() + sent.substring(OpenAiPaths.PREFIX.length() - 1)
                : elsewhere.basePath() + sent;
    }

    /// Where a model's name begins and ends in a path.
    record NameInPath(int from, int to) {
        /// The segment after a prefix, up to a slash or one of TensorFlow Serving's verbs.
        static NameInPath after(String prefix, String path) {
            int slash = path.indexOf('/', prefix.length());
            int end = slash < 0 ? path.length() : slash;
            int verb = path.lastIndexOf(':', end - 1);
            boolean hasVerb = verb > prefix.length() && slash < 0;
            return new NameInPath(prefix.length(), hasVerb ? verb : end);
        }
    }
}
