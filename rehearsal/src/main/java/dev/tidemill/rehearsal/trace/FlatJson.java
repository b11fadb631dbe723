package dev.tidemill.rehearsal.trace;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The numbers and texts at the top of one JSON object; what lies deeper is passed over. A trace
/// has millions of such lines and needs three values of each.
final class FlatJson {
    private final String text;
    private int at;

    private FlatJson(String text) {
        this.text = text;
    }

    /// @return false when it is no object
    static boolean read(String text, BiConsumer<String, String> values) {
        return new FlatJson(text).object(values);
    }

    private boolean object(BiConsumer<String, String> values) {
        if (!take('{')) {
            return false;
        }
        if (take('}')) {
            return true;
        }
        do {
            String key = string();
            if (key == null || !take(':')) {
                return false;
            }
            space();
            String value = value();
            if (value == null) {
                return false;
            }
            values.accept(key, value);
        } while (take(','));
        return take('}') && end();
    }

    private @Nullable String value() {
        if (at >= text.length()) {
            return null;
        }
        char first = text.charAt(at);
        if (first == '"') {
            return string();
        }
        if (first == '{' || first == '[') {
            return deeper() ? "" : null;
        }
        int from = at;
        while (at < text.length() && ",}] \t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at > from ? text.substring(from, at) : null;
    }

    private boolean deeper() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                if (string() == null) {
                    return false;
                }
                continue;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            at++;
            if (depth == 0) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String string() {
        space();
        if (at >= text.length() || text.charAt(at) != '"') {
            return null;
        }
        int from = ++at;
        StringBuilder unescaped = null;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return unescaped == null ? text.substring(from, at - 1) : unescaped.toString();
            }
            if (c == '\\') {
                unescaped = unescaped == null ? start(from) : unescaped;
                // Names of keys and times have no escapes that matter: the letter stands for
                // itself.
                c = at < text.length() ? text.charAt(at++) : ' ';
            }
            if (unescaped != null) {
                unescaped.append(c);
            }
        }
        return null;
    }

    private StringBuilder start(int from) {
        return new StringBuilder(text.substring(from, at - 1));
    }

    private boolean take(char wanted) {
        space();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private boolean end() {
        space();
        return at == text.length();
    }

    private void space() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }
}
