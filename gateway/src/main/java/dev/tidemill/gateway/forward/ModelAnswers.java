package dev.tidemill.gateway.forward;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.audit.Noted;
import dev.tidemill.gateway.cache.CachedAnswer;
import dev.tidemill.gateway.cost.Money;
import dev.tidemill.gateway.guard.AnswerGuard;
import dev.tidemill.gateway.openai.Embeddings;
import dev.tidemill.gateway.openai.EventFilter;
import dev.tidemill.gateway.openai.ModelRequest;
import dev.tidemill.gateway.openai.OpenAiErrors;
import dev.tidemill.gateway.openai.OpenAiPaths;
import dev.tidemill.gateway.openai.Usage;
import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.AnswerStream;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.limits.Price;
import dev.tidemill.routing.FailureKind;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Passes the answer to one of OpenAI's requests on, and finds out how many tokens it took. Used by
/// one thread, once.
final class ModelAnswers {
    /// An answer in pieces that is no stream of events is put together up to this.
    private static final int MAX_WHOLE = 16 << 20;

    /// How long an upstream that has said that it is done may take to end its answer, so that its
    /// connection can be used again.
    private static final long END_NANOS = 50_000_000;

    private final Inbound inbound;
    private final ModelRequest model;
    private final Price price;
    private final ServerResponse response;
    private final Call call;

    /// Null when the client wants no stream.
    private final @Nullable EventOut events;

    /// Null when nothing looks at the answer.
    private final @Nullable AnswerGuard guard;

    private @Nullable Usage usage;
    private @Nullable Keeping keeping;
    private boolean broken;
    private boolean cut;

    ModelAnswers(
            Inbound inbound,
            ModelRequest model,
            Price price,
            ServerResponse response,
            Call call,
            @Nullable EventOut events,
            @Nullable AnswerGuard guard) {
        this.inbound = inbound;
        this.model = model;
        this.price = price;
        this.response = response;
        this.call = call;
        this.events = events;
        this.guard = guard;
    }

    /// What the answer said of its tokens, or what was counted; null when it has none.
    @Nullable Usage usage() {
        return usage;
    }

    /// Whether it was ended within the stream by an error.
    boolean isBroken() {
        return broken;
    }

    /// Whether it was its upstream that broke off: neither a guardrail nor an error that it told
    /// whole.
    boolean isCut() {
        return cut;
    }

    /// The answer, as it came, is wanted afterwards.
    ///
    /// @param mostBytes 0 when it is not
    void keep(int mostBytes) {
        keeping = mostBytes == 0 ? null : new Keeping(mostBytes);
    }

    /// What was kept of an answer that came whole; null when there is nothing to be repeated.
    @Nullable CachedAnswer kept(long nowNanos) {
        return keeping == null || broken ? null : keeping.answer(nowNanos);
    }

    /// Gives an answer again.
    ///
    /// @param head sets what only this request's answer has
    void replay(CachedAnswer there, Runnable head) {
        Runnable begin =
                () -> {
                    response.status(200);
                    response.headers().set(HeaderNames.CONTENT_TYPE, there.contentType());
                    head.run();
                };
        if (there.events() && events != null) {
            events.begin(begin);
            Passing passing = passing(new EventFilter(false), events);
            try {
                passing.pass(there.body());
                passing.rest();
                events.end();
            } catch (TidemillException e) {
                fail(e.code(), String.valueOf(e.getMessage()), passing.isInEvent(), events);
            }
            return;
        }
        byte[] body = guard == null ? there.body() : guard.whole(there.body());
        if (OpenAiPaths.isEmbeddings(inbound.path())) {
            body = Embeddings.as(model.wantsBase64(), body);
        }
        Noted.answered(body);
        if (events == null || events.giveUp()) {
            begin.run();
            send(body);
        } else {
            event("", body, false, events);
        }
    }

    private void send(byte[] body) {
        try {
            response.send(body);
        } catch (ServerConnectionException | UncheckedIOException e) {
            throw new CloseConnectionException("the client left", e);
        }
    }

    private Passing passing(EventFilter filter, EventOut out) {
        return new Passing(filter, guard == null ? null : guard.stream(), keeping, out);
    }

    void write(Outcome.Answered answered) {
        Answer answer = answered.answer();
        if (keeping != null) {
            keeping.head(answer.status(), answer.headers());
        }
        EventOut open = events != null ? events : new EventOut(response, call, () -> 0, 1);
        if (isEvents(answer.headers()) && answer.status() < 300) {
            open.begin(() -> AnswerWriter.head(answered, inbound, "", response));
            switch (answer) {
                case Answer.Whole whole -> passAtOnce(whole.body(), open);
                case Answer.Streamed(_, _, AnswerStream body) -> relay(body, open);
            }
            return;
        }
        byte[] body = whole(answer);
        if (answer.status() < 300) {
            usage = Usage.find(body, 0, body.length);
            tellCost();
        }
        if (keeping != null) {
            keeping.whole(body);
        }
        if (guard != null) {
            body = guard.whole(body);
        }
        if (answer.status() < 300) {
            if (OpenAiPaths.isEmbeddings(inbound.path())) {
                body = Embeddings.as(model.wantsBase64(), body);
            }
        }
        Noted.answered(body);
        if (events == null || events.giveUp()) {
            AnswerWriter.write(
                    new Outcome.Answered(
                            answered.replica(),
                            new Answer.Whole(answer.status(), answer.headers(), body),
                            answered.last()),
                    inbound,
                    "",
                    response);
        } else {
            broken = answer.status() >= 400;
            event("", body, false, events);
        }
    }

    private void tellCost() {
        Usage known = usage;
        if (known != null && events == null) {
            long cost = price.of(known.input(), known.cached(), known.output());
            Money.say(response.headers(), price, cost);
        }
    }

    /// Tells an error within the stream, when its head has been sent.
    ///
    /// @return false when no head was sent: it can be told as usual
    boolean tell(ErrorCode code, String message) {
        if (events == null || events.giveUp()) {
            return false;
        }
        fail(code, message, false, events);
        return true;
    }

    private void passAtOnce(byte[] body, EventOut out) {
        EventFilter filter = filter();
        Passing passing = passing(filter, out);
        try {
            passing.pass(body);
            passing.rest();
            out.end();
        } catch (TidemillException e) {
            fail(e.code(), String.valueOf(e.getMessage()), passing.isInEvent(), out);
        } finally {
            count(filter);
        }
    }

    private void relay(AnswerStream body, EventOut out) {
        EventFilter filter = filter();
        Passing passing = passing(filter, out);
        try (body) {
            for (BufferData piece = body.next(); piece != null; piece = body.next()) {
                passing.pass(piece.readBytes());
                if (filter.isDone()) {
                    passing.done();
                    out.end();
                    finish(body);
                    return;
                }
            }
            passing.rest();
            out.end();
        } catch (TidemillException e) {
            fail(e.code(), String.valueOf(e.getMessage()), passing.isInEvent(), out);
        } catch (AttemptFailed e) {
            if (e.kind() == FailureKind.CLIENT_LEFT) {
                throw new CloseConnectionException("the client left", e);
            }
            boolean late = e.kind() == FailureKind.TIMEOUT;
            cut = true;
            passing.cut();
            fail(
                    late ? ErrorCode.DEADLINE_EXCEEDED : ErrorCode.UPSTREAM_FAILED,
                    late ? "the upstream paused for too long" : "the upstream broke off its answer",
                    passing.isInEvent(),
                    out);
        } finally {
            count(filter);
        }
    }

    /// Clients read to the end of the body, so it has been ended; here the upstream may end its.
    private void finish(AnswerStream body) {
        call.patience(END_NANOS, END_NANOS);
        try {
            while (body.next() != null) {
                // Nothing follows that anybody could want.
            }
        } catch (AttemptFailed e) {
            // Then its connection is not used again.
        }
    }

    private EventFilter filter() {
        return new EventFilter(inbound.askUsage() && !model.wantsUsage());
    }

    private void count(EventFilter filter) {
        Usage told = filter.usage();
        usage = told != null ? told : new Usage(model.estimate(0), filter.pieces(), true);
    }

    private void fail(ErrorCode code, String message, boolean inEvent, EventOut out) {
        broken = true;
        Noted.failed(code, message);
        if (OpenAiPaths.isResponses(inbound.path())) {
            event("event: error\n", OpenAiErrors.flat(code, message), inEvent, out);
        } else {
            event("", OpenAiErrors.body(code, message), inEvent, out);
        }
    }

    private static void event(String type, byte[] json, boolean inEvent, EventOut out) {
        String data =
                new String(json, StandardCharsets.UTF_8).replace('\n', ' ').replace('\r', ' ');
        String event = (inEvent ? "\n" : "") + type + "data: " + data + "\n\n";
        out.write(event.getBytes(StandardCharsets.UTF_8), false);
        out.end();
    }

    static byte[] whole(Answer answer) {
        return switch (answer) {
            case Answer.Whole whole -> whole.body();
            case Answer.Streamed(_, _, AnswerStream stream) -> whole(stream);
        };
    }

    private static byte[] whole(AnswerStream stream) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (stream) {
            for (BufferData piece = stream.next(); piece != null; piece = stream.next()) {
                whole.writeBytes(piece.readBytes());
                if (whole.size() > MAX_WHOLE) {
                    throw new TidemillException(
                            ErrorCode.UPSTREAM_FAILED, "the upstream's answer is too long");
                }
            }
        } catch (AttemptFailed e) {
            if (e.kind() == FailureKind.CLIENT_LEFT) {
                throw new CloseConnectionException("the client left", e);
            }
            throw new TidemillException(
                    ErrorCode.UPSTREAM_FAILED, "the upstream broke off its answer", e);
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
