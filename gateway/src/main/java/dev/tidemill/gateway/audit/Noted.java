package dev.tidemill.gateway.audit;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.traffic.RequestTape;
import dev.tidemill.http.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known of the request that this thread answers, while it passes. The static methods add
/// to it from wherever something is learnt, and do nothing where nothing is written down. Used by
/// one thread.
public final class Noted {
    static final ScopedValue<Noted> CURRENT = ScopedValue.newInstance();
    private static final int MAX_TEXT = 256;
    private static final int MAX_FINDINGS = 20;

    private final int payloadBytes;
    private final ByteArrayOutputStream request = new ByteArrayOutputStream(0);
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream(0);
    private final List<String> guardrails = new ArrayList<>(0);
    private @Nullable Caller caller;
    private String user = "";
    private String route = "";
    private String model = "";
    private String upstream = "";
    private String error = "";
    private String cache = "";
    private Decision decision = Decision.ALLOWED;
    private @Nullable Long inputTokens;
    private @Nullable Long outputTokens;
    private @Nullable Long costMicros;
    private boolean estimated;

    /// @param payloadBytes to keep of request and answer each; 0 for nothing
    Noted(int payloadBytes) {
        this.payloadBytes = payloadBytes;
    }

    public static void caller(Caller who) {
        Noted note = current();
        if (note != null) {
            note.caller = who;
        }
    }

    /// Where it goes.
    ///
    /// @param user what its body calls its user
    public static void target(String route, String model, String user) {
        Noted note = current();
        if (note != null) {
            note.route = route;
            note.model = model;
            note.user = user;
        }
    }

    /// Who answered.
    public static void upstream(String replica) {
        Noted note = current();
        if (note != null) {
            note.upstream = replica;
        }
    }

    public static void tokens(long input, long output, boolean estimated) {
        Noted note = current();
        if (note != null) {
            note.inputTokens = input;
            note.outputTokens = output;
            note.estimated = estimated;
        }
    }

    /// @param micros in millionths of the currency that prices are in
    public static void cost(long micros) {
        Noted note = current();
        if (note != null) {
            note.costMicros = micros;
        }
    }

    /// @param word `hit`, `miss`, `bypass` or `semantic`
    public static void cache(String word) {
        Noted note = current();
        if (note != null) {
            note.cache = word;
        }
    }

    /// What a guardrail found.
    public static void found(String what, Decision decision) {
        Noted note = current();
        if (note != null) {
            note.decide(decision);
            if (note.guardrails.size() < MAX_FINDINGS && !note.guardrails.contains(what)) {
                note.guardrails.add(what);
            }
        }
    }

    public static void decided(Decision decision) {
        Noted note = current();
        if (note != null) {
            note.decide(decision);
        }
    }

    /// The gateway answers itself, also within a stream that has begun.
    public static void failed(ErrorCode code, String message) {
        Noted note = current();
        if (note != null) {
            note.error = message;
            note.decide(Decision.of(code));
        }
    }

    /// What goes to the upstream.
    public static void sent(byte[] body) {
        Noted note = current();
        if (note != null && note.payloadBytes > 0) {
            note.request.reset();
            note.request.write(body, 0, Math.min(body.length, note.payloadBytes));
        }
    }

    /// A piece of what goes to the client.
    public static void answered(byte[] piece) {
        Noted note = current();
        if (note != null) {
            int room = note.payloadBytes - note.answer.size();
            if (room > 0) {
                note.answer.write(piece, 0, Math.min(piece.length, room));
            }
        }
    }

    private static @Nullable Noted current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    private void decide(Decision next) {
        if (next.compareTo(decision) > 0) {
            decision = next;
        }
    }

    /// Makes the line of it.
    AuditEntry entry(
            String id,
            Instant at,
            String requestId,
            String method,
            String path,
            int status,
            double millis) {
        Optional<Caller> who = Optional.ofNullable(caller);
        return new AuditEntry(
                id,
                at.toString(),
                requestId,
                who.map(Caller::key).orElse(""),
                who.map(Caller::issuer).orElse(""),
                who.flatMap(Caller::team).orElse(""),
                clean(user),
                who.map(Caller::address).orElse(""),
                method,
                clean(path),
                route,
                clean(model),
                upstream,
                status,
                decision.text(),
                clean(error),
                inputTokens,
                outputTokens,
                estimated,
                costMicros,
                millis,
                cache,
                guardrails,
                text(request),
                text(answer));
    }

    /// Of a tape; empty without a model.
    Optional<RequestTape.Line> line(Instant at, int status, double millis) {
        return model.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new RequestTape.Line(
                                at.truncatedTo(ChronoUnit.MILLIS).toString(),
                                clean(model),
                                inputTokens,
                                outputTokens,
                                millis,
                                status));
    }

    /// What clients choose is bounded, and whole characters a database takes.
    private static String clean(String text) {
        String bounded = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
        return Json.whole(bounded.indexOf('\0') < 0 ? bounded : bounded.replace('\0', ' '));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.size() == 0 ? "" : bytes.toString(StandardCharsets.UTF_8).replace('\0', ' ');
    }
}
