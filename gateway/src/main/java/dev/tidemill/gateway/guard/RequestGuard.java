package dev.tidemill.gateway.guard;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.openai.OpenAiPaths;
import dev.tidemill.guardrails.Edit;
import dev.tidemill.guardrails.Look;
import dev.tidemill.http.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/// Looks at a request before it goes anywhere.
public final class RequestGuard {
    private static final List<String> ANSWER_TOKENS =
            List.of("max_tokens", "max_completion_tokens", "max_output_tokens");
    private static final int BYTES_PER_TOKEN = 4;

    private final GuardWatch watch;

    public RequestGuard(GuardWatch watch) {
        this.watch = watch;
    }

    /// @return the body as it goes on, which may be the same
    /// @throws TidemillException `CONTENT_FILTERED`
    public byte[] look(List<Guard> guards, String path, byte[] body) {
        byte[] now = body;
        for (Guard guard : guards) {
            now = look(guard, path, now);
        }
        return now;
    }

    private byte[] look(Guard guard, String path, byte[] body) {
        JsonTexts json;
        try {
            json = JsonTexts.of(body);
        } catch (JacksonException e) {
            throw Json.invalid(e);
        }
        size(guard.rule(), json, body.length);
        logprobs(guard, json);
        Look.Listener heard = watch.listener("request");
        List<JsonTexts.Changed> changes = new ArrayList<>();
        if (!guard.input().isEmpty()) {
            for (JsonTexts.Text text : json.texts()) {
                List<Edit> edits = Edit.of(text.value(), guard.input(), heard, text.isJson());
                changes.add(new JsonTexts.Changed(text, edits));
            }
        }
        byte[] changed = Rewriter.rewrite(body, changes);
        JsonTexts now = Arrays.equals(changed, body) ? json : JsonTexts.of(changed);
        return bounded(guard.rule(), path, now, changed);
    }

    private void size(AnswerRules.Guard rule, JsonTexts json, int length) {
        long tokens = length / BYTES_PER_TOKEN;
        if (rule.maxInputTokens().isPresent() && tokens > rule.maxInputTokens().get()) {
            throw watch.tooMuch(rule.name(), "input tokens", tokens, rule.maxInputTokens().get());
        }
        if (rule.maxMessages().isPresent()) {
            for (JsonTexts.Leaf leaf : json.leaves()) {
                boolean list =
                        leaf.token() == JsonToken.START_ARRAY
                                && (leaf.key().equals("messages") || leaf.key().equals("input"));
                if (list && Long.parseLong(leaf.text()) > rule.maxMessages().get()) {
                    throw watch.tooMuch(
                            rule.name(),
                            "messages",
                            Long.parseLong(leaf.text()),
                            rule.maxMessages().get());
                }
            }
        }
    }

    /// They spell the answer token by token, in pieces that no pattern fits.
    private static void logprobs(Guard guard, JsonTexts json) {
        if (guard.output().stream().noneMatch(look -> look.action() != Look.Action.FLAG)) {
            return;
        }
        for (String key : List.of("logprobs", "top_logprobs")) {
            JsonTexts.Leaf leaf = json.leaf(key);
            if (leaf != null
                    && leaf.token() != JsonToken.VALUE_FALSE
                    && leaf.token() != JsonToken.VALUE_NULL) {
                throw spelt(key, leaf.text(), guard);
            }
        }
        included(guard, json);
    }

    /// `include: ["message.output_text.logprobs"]` of the Responses API.
    private static void included(Guard guard, JsonTexts json) {
        for (JsonTexts.Text text : json.texts()) {
            if (text.key().equals("include") && text.value().contains("logprobs")) {
                throw spelt("include", text.value(), guard);
            }
        }
    }

    private static TidemillException spelt(String key, String value, Guard guard) {
        return new TidemillException(
                ErrorCode.CONTENT_FILTERED,
                "%s: '%s' (expected: none, where guardrail %s looks at the answer)"
                        .formatted(key, value, guard.rule().name()));
    }

    /// Every one of the keys that may say how long the answer may be.
    private byte[] bounded(AnswerRules.Guard rule, String path, JsonTexts json, byte[] body) {
        if (rule.maxOutputTokens().isEmpty() || OpenAiPaths.isEmbeddings(path)) {
            return body;
        }
        long most = rule.maxOutputTokens().get();
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 32);
        int copied = 0;
        boolean said = false;
        for (JsonTexts.Leaf leaf : json.leaves()) {
            if (!ANSWER_TOKENS.contains(leaf.key())) {
                continue;
            }
            long asked = number(leaf, most);
            said |= leaf.token() != JsonToken.VALUE_NULL;
            if (asked > most) {
                if (!rule.clamp()) {
                    throw watch.tooMuch(rule.name(), "output tokens", asked, most);
                }
                watch.clamped(rule.name(), "output tokens");
                out.write(body, copied, leaf.from() - copied);
                out.writeBytes(String.valueOf(most).getBytes(StandardCharsets.US_ASCII));
                copied = leaf.to();
            }
        }
        if (!said && rule.clamp() && json.leaves().stream().noneMatch(this::saysTokens)) {
            String key = OpenAiPaths.isResponses(path) ? "max_output_tokens" : "max_tokens";
            int brace = indexOfBrace(body);
            out.write(body, 0, brace + 1);
            out.writeBytes("\"%s\":%d,".formatted(key, most).getBytes(StandardCharsets.US_ASCII));
            copied = brace + 1;
        }
        if (copied == 0) {
            return body;
        }
        out.write(body, copied, body.length - copied);
        return out.toByteArray();
    }

    private boolean saysTokens(JsonTexts.Leaf leaf) {
        return ANSWER_TOKENS.contains(leaf.key());
    }

    /// What is no whole number is the upstream's to refuse, unless it could be a large one.
    private static long number(JsonTexts.Leaf leaf, long most) {
        return switch (leaf.token()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                double number = Double.parseDouble(leaf.text());
                yield number > Long.MAX_VALUE ? Long.MAX_VALUE : (long) Math.ceil(number);
            }
            case VALUE_NULL -> 0;
            default -> most + 1;
        };
    }

    /// The body is an object with at least its model.
    private static int indexOfBrace(byte[] body) {
        int at = 0;
        while (body[at] != '{') {
            at++;
        }
        return at;
    }
}
