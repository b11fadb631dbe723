package dev.tidemill.gateway.anthropic;

import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.AnswerStream;
import dev.tidemill.gateway.upstream.AttemptFailed;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One chat completion that an upstream of the Messages API answers.
///
/// @param body what is sent to it
/// @param answersByTool whether the input of its only tool is the answer
/// @param usageWanted whether a stream tells its usage
/// @param created seconds since 1970
@SuppressWarnings("ArrayRecordComponent") // Read once, compared by nobody.
public record AnthropicExchange(
        byte[] body, boolean answersByTool, boolean usageWanted, long created) {
    /// The path of the Messages API, which clients of it may use through the gateway too.
    public static final String PATH = "/v1/messages";

    public static final HeaderName VERSION = HeaderNames.create("anthropic-version");
    public static final Header NEWEST_VERSION = HeaderValues.createCached(VERSION, "2023-06-01");

    private static final String CHAT = "/v1/chat/completions";
    private static final int MAX_WHOLE = 16 << 20;

    /// What an answer may say beside its body: the rest is about the provider and its account.
    private static final List<HeaderName> KEPT =
            List.of(
                    HeaderNames.RETRY_AFTER,
                    HeaderNames.create("retry-after-ms"),
                    HeaderNames.create("x-should-retry"));

    private static final Header JSON =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final Header EVENTS =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/event-stream");

    /// Whether requests there are translated.
    public static boolean translates(String path) {
        return path.equals(CHAT);
    }

    /// Whether requests there can be answered at all.
    public static boolean answers(String path) {
        return translates(path) || path.equals(PATH) || path.startsWith(PATH + "/");
    }

    /// @param as the model's name that is sent; null: the client's
    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` for what that API cannot do
    public static AnthropicExchange begin(
            byte[] chat,
            @Nullable String as,
            AnthropicRules rules,
            boolean usageWanted,
            long created) {
        MessagesRequest.Made made = MessagesRequest.of(chat, as, rules);
        return new AnthropicExchange(made.body(), made.answersByTool(), usageWanted, created);
    }

    /// The answer as OpenAI's clients know it.
    ///
    /// @throws AttemptFailed when it broke off
    /// @throws IllegalArgumentException when it is no answer of that API
    public Answer translate(Answer answer) throws AttemptFailed {
        if (answer instanceof Answer.Streamed(int status, Headers headers, AnswerStream stream)
                && status < 300
                && isEvents(headers)) {
            stream.translate(new ChatStream(answersByTool, usageWanted, created));
            return new Answer.Streamed(status, kept(headers, EVENTS), stream);
        }
        byte[] whole =
                switch (answer) {
                    case Answer.Whole(_, _, byte[] all) -> all;
                    case Answer.Streamed(_, _, AnswerStream stream) -> whole(stream);
                };
        if (answer.status() < 300 && isEvents(answer.headers())) {
            ChatStream events = new ChatStream(answersByTool, usageWanted, created);
            try {
                byte[] made = events.next(whole);
                events.end();
                return new Answer.Whole(answer.status(), kept(answer.headers(), EVENTS), made);
            } catch (dev.tidemill.gateway.upstream.BodyTranslation.Broken e) {
                throw new IllegalArgumentException(e);
            }
        }
        return answer.status() < 300
                ? new Answer.Whole(
                        answer.status(),
                        kept(answer.headers(), JSON),
                        ChatAnswer.of(whole, answersByTool, created))
                : new Answer.Whole(
                        ChatErrors.status(answer.status()),
                        kept(answer.headers(), JSON),
                        ChatErrors.of(whole));
    }

    private static Headers kept(Headers from, Header type) {
        WritableHeaders<?> kept = WritableHeaders.create();
        kept.set(type);
        for (HeaderName name : KEPT) {
            if (from.contains(name)) {
                kept.set(from.get(name));
            }
        }
        return kept;
    }

    private static byte[] whole(AnswerStream stream) throws AttemptFailed {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (stream) {
            for (BufferData piece = stream.next(); piece != null; piece = stream.next()) {
                whole.writeBytes(piece.readBytes());
                if (whole.size() > MAX_WHOLE) {
                    throw new IllegalArgumentException("it is too long");
                }
            }
        }
        return whole.toByteArray();
    }

    private static boolean isEvents(Headers headers) {
        return headers.contains(HeaderNames.CONTENT_TYPE)
                && headers.get(HeaderNames.CONTENT_TYPE)
                        .get()
                        .toLowerCase(Locale.ROOT)
                        .startsWith("text/event-stream");
    }
}
