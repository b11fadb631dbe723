package dev.tidemill.rehearsal.trace;

import dev.tidemill.rehearsal.trace.TraceOptions.Unit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which column holds what; the same names are keys of JSON lines.
///
/// @param count -1 when every row is one request, as for the others
/// @param perSecond whether the count is a rate
/// @param took milliseconds from the request to its answer; -1 for none, as for tokens
/// @param model whose request it is; -1 for none
/// @param stated unit of times that are numbers, where the name says it; AUTO when it does not
/// @param usual unit of numbers too small to be of our days, where the name does not say it
@SuppressWarnings("EnumOrdinal") // an array by constant
record Columns(
        int time,
        int count,
        boolean perSecond,
        int prompt,
        int output,
        int took,
        int model,
        Unit stated,
        Unit usual) {
    private static final Set<String> TIME =
            Set.of(
                    "timestamp",
                    "time",
                    "minute",
                    "ts",
                    "date",
                    "datetime",
                    "@timestamp",
                    "t",
                    "arrived_at",
                    "arrival",
                    "arrival_time",
                    "start_time",
                    "starttime",
                    "created",
                    "period",
                    "hour",
                    "invocation_time");
    private static final Set<String> COUNT =
            Set.of(
                    "count",
                    "requests",
                    "value",
                    "hits",
                    "n",
                    "total",
                    "num_requests",
                    "calls",
                    "y",
                    "invocations",
                    "request_count");
    private static final Set<String> RATE =
            Set.of("rps", "qps", "rate", "requests_per_second", "req_per_s", "requests/s", "req/s");
    private static final Set<String> PROMPT =
            Set.of(
                    "contexttokens",
                    "input_tokens",
                    "prompt_tokens",
                    "input_length",
                    "num_prefill_tokens",
                    "request tokens",
                    "request_tokens",
                    "prompt_len",
                    "input_toks",
                    "prompt_length");
    private static final Set<String> OUTPUT =
            Set.of(
                    "generatedtokens",
                    "output_tokens",
                    "completion_tokens",
                    "output_length",
                    "num_decode_tokens",
                    "response tokens",
                    "response_tokens",
                    "output_len",
                    "output_toks",
                    "generated_tokens");

    private static final Set<String> TOOK =
            Set.of("millis", "duration_ms", "latency_ms", "elapsed_ms", "took_ms");

    /// What one column is about.
    enum Role {
        TIME,
        COUNT,
        RATE,
        PROMPT,
        OUTPUT,
        TOOK,
        MODEL
    }

    static @Nullable Role role(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        String unitless = plain.replaceFirst("[_ (]*(ms|us|ns|s|sec|seconds|millis)\\)?$", "");
        if (TIME.contains(plain) || TIME.contains(unitless)) {
            return Role.TIME;
        }
        if (TOOK.contains(plain)) {
            return Role.TOOK;
        }
        // As we write it: other people's `Model` is not the name of one of ours.
        if (name.strip().equals("model")) {
            return Role.MODEL;
        }
        if (RATE.contains(plain)) {
            return Role.RATE;
        }
        if (COUNT.contains(plain)) {
            return Role.COUNT;
        }
        if (PROMPT.contains(plain)) {
            return Role.PROMPT;
        }
        return OUTPUT.contains(plain) ? Role.OUTPUT : null;
    }

    static Unit stated(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        if (plain.matches(".*[_ (](ms|millis)\\)?$")) {
            return Unit.MILLIS;
        }
        if (plain.matches(".*[_ (]us\\)?$")) {
            return Unit.MICROS;
        }
        if (plain.matches(".*[_ (]ns\\)?$")) {
            return Unit.NANOS;
        }
        return plain.matches(".*[_ (](s|sec|seconds)\\)?$") ? Unit.SECONDS : Unit.AUTO;
    }

    /// Traces of language models count milliseconds since their beginning, except for those that
    /// name their tokens by request and response: seconds.
    ///
    /// @param tokens the name of a column of tokens; empty for none
    static Unit usual(String time, String tokens) {
        if (time.strip().equalsIgnoreCase("minute")) {
            return Unit.MINUTES;
        }
        String plain = tokens.strip().toLowerCase(Locale.ROOT);
        boolean seconds =
                plain.isEmpty() || plain.startsWith("request") || plain.startsWith("response");
        return seconds ? Unit.SECONDS : Unit.MILLIS;
    }

    /// @return null when no column is a time
    static @Nullable Columns ofHeader(List<String> names) {
        int[] found = {-1, -1, -1, -1, -1, -1, -1};
        for (int i = 0; i < names.size(); i++) {
            Role role = role(names.get(i));
            if (role != null && found[role.ordinal()] < 0) {
                found[role.ordinal()] = i;
            }
        }
        if (found[0] < 0) {
            return null;
        }
        boolean tokens = found[3] >= 0 || found[4] >= 0;
        boolean rate = found[1] < 0 && found[2] >= 0;
        int count = rate ? found[2] : found[1];
        // A time and one thing else that we have no name for is a count of it.
        if (count < 0 && !tokens && names.size() == 2 && found[5] < 0 && found[6] < 0) {
            count = 1 - found[0];
        }
        String time = names.get(found[0]);
        String token = tokens ? names.get(Math.max(found[3], found[4])) : "";
        return new Columns(
                found[0],
                count,
                rate,
                found[3],
                found[4],
                found[5],
                found[6],
                stated(time),
                usual(time, token));
    }

    /// Without a header: a time; a time and a count; a time, prompt and output tokens.
    static Columns ofWidth(int cells) {
        return switch (cells) {
            case 1 -> new Columns(0, -1, false, -1, -1, -1, -1, Unit.AUTO, Unit.SECONDS);
            case 2 -> new Columns(0, 1, false, -1, -1, -1, -1, Unit.AUTO, Unit.SECONDS);
            default -> new Columns(0, -1, false, 1, 2, -1, -1, Unit.AUTO, Unit.MILLIS);
        };
    }

    boolean requests() {
        return count < 0;
    }

    boolean tokens() {
        return prompt >= 0 || output >= 0;
    }
}
