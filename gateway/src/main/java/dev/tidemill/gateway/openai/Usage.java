package dev.tidemill.gateway.openai;

import org.jspecify.annotations.Nullable;

/// What an answer says of its tokens.
///
/// @param input those that were cached included
/// @param cached of the input, what the provider had in its prompt cache
/// @param estimated whether nobody said and it was counted here
public record Usage(long input, long cached, long output, boolean estimated) {
    private static final int LONGEST_NUMBER = 18;

    /// Without cached tokens.
    public Usage(long input, long output, boolean estimated) {
        this(input, 0, output, estimated);
    }

    public long total() {
        return input + output;
    }

    /// The last `"usage":{...}` of a JSON text, found from its end. Inside of a JSON string a quote
    /// has a backslash before it, so what people or models write is never taken for it.
    ///
    /// @param to where the text ends
    public static @Nullable Usage find(byte[] json, int from, int to) {
        for (int at = to - 8; at >= from; at--) {
            if (json[at] == '"' && isUsage(json, at) && (at == from || json[at - 1] != '\\')) {
                Usage usage = read(json, at + 7, to);
                if (usage != null) {
                    return usage;
                }
            }
        }
        return null;
    }

    private static boolean isUsage(byte[] json, int at) {
        return json[at + 1] == 'u'
                && json[at + 2] == 's'
                && json[at + 3] == 'a'
                && json[at + 4] == 'g'
                && json[at + 5] == 'e'
                && json[at + 6] == '"';
    }

    private static @Nullable Usage read(byte[] json, int after, int to) {
        int at = skipSpace(json, after, to);
        if (at >= to || json[at] != ':') {
            return null;
        }
        at = skipSpace(json, at + 1, to);
        if (at >= to || json[at] != '{') {
            return null;
        }
        long input = -1;
        long output = -1;
        long total = -1;
        long cached = 0;
        int depth = 0;
        for (; at < to; at++) {
            switch (json[at]) {
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case '"' -> {
                    int end = endOfString(json, at + 1, to);
                    if (depth == 1) {
                        long number = number(json, end + 1, to);
                        if (is(json, at, end, "prompt_tokens")
                                || is(json, at, end, "input_tokens")) {
                            input = number;
                        } else if (is(json, at, end, "completion_tokens")
                                || is(json, at, end, "output_tokens")) {
                            output = number;
                        } else if (is(json, at, end, "total_tokens")) {
                            total = number;
                        }
                    }
                    if (depth == 2 && is(json, at, end, "cached_tokens")) {
                        cached = Math.max(cached, number(json, end + 1, to));
                    }
                    at = end;
                }
                default -> {}
            }
            if (depth == 0) {
                break;
            }
        }
        if (input < 0 && output < 0 && total < 0) {
            return null;
        }
        long in = input >= 0 ? input : Math.max(0, total - Math.max(0, output));
        long out = output >= 0 ? output : Math.max(0, total - in);
        return new Usage(in, Math.min(cached, in), out, false);
    }

    private static boolean is(byte[] json, int quote, int end, String name) {
        if (end - quote - 1 != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (json[quote + 1 + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// -1 when what follows the colon is no whole number.
    private static long number(byte[] json, int after, int to) {
        int at = skipSpace(json, after, to);
        if (at >= to || json[at] != ':') {
            return -1;
        }
        at = skipSpace(json, at + 1, to);
        int begin = at;
        long number = 0;
        while (at < to && json[at] >= '0' && json[at] <= '9' && at - begin < LONGEST_NUMBER) {
            number = number * 10 + (json[at] - '0');
            at++;
        }
        return at == begin ? -1 : number;
    }

    private static int endOfString(byte[] json, int from, int to) {
        int at = from;
        while (at < to && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return Math.min(at, to - 1);
    }

    private static int skipSpace(byte[] json, int from, int to) {
        int at = from;
        while (at < to
                && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
        return at;
    }
}
