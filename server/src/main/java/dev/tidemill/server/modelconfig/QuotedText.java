package dev.tidemill.server.modelconfig;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// A string in quotes with C's escapes, which mean bytes, and `\\u1234`, which means a character.
///
/// @param end the first position after it
/// @param problem what was expected where it is wrong; empty when it is right
record QuotedText(String value, int end, String problem) {
    private static final String SIMPLE = "abfnrtv\\'\"?";
    private static final String MEANING = "\u0007\b\f\n\r\t\u000b\\'\"?";

    /// @param start of the opening quote
    static QuotedText read(String text, int start) {
        char quote = text.charAt(start);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = start + 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == quote) {
                return whole(bytes, at + 1);
            }
            if (c == '\n') {
                break;
            }
            if (c == '\\') {
                int next = escape(text, at + 1, bytes);
                if (next < 0) {
                    return wrong("an escape such as \\n, \\x41, \\101 or \\u0041");
                }
                at = next;
            } else {
                int length = Character.charCount(text.codePointAt(at));
                bytes.writeBytes(text.substring(at, at + length).getBytes(StandardCharsets.UTF_8));
                at += length;
            }
        }
        return wrong("a closing quote on the same line");
    }

    private static QuotedText whole(ByteArrayOutputStream bytes, int end) {
        try {
            String value =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes.toByteArray()))
                            .toString();
            return new QuotedText(value, end, "");
        } catch (CharacterCodingException e) {
            return wrong("UTF-8");
        }
    }

    private static QuotedText wrong(String expected) {
        return new QuotedText("", 0, expected);
    }

    /// @return the position after the escape; -1 when it is none
    private static int escape(String text, int at, ByteArrayOutputStream into) {
        if (at >= text.length()) {
            return -1;
        }
        char c = text.charAt(at);
        int simple = SIMPLE.indexOf(c);
        if (simple >= 0) {
            into.write(MEANING.charAt(simple));
            return at + 1;
        }
        return switch (c) {
            case 'x', 'X' -> number(text, at + 1, 1, 2, 16, into);
            case 'u' -> number(text, at + 1, 4, 4, 16, into);
            case 'U' -> number(text, at + 1, 8, 8, 16, into);
            default -> number(text, at, 1, 3, 8, into);
        };
    }

    private static int number(
            String text, int at, int min, int max, int radix, ByteArrayOutputStream into) {
        long value = 0;
        int digits = 0;
        while (digits < max
                && at + digits < text.length()
                && Character.digit(text.charAt(at + digits), radix) >= 0) {
            value = value * radix + Character.digit(text.charAt(at + digits), radix);
            digits++;
        }
        if (digits < min) {
            return -1;
        }
        if (min == 1) {
            into.write((int) value);
        } else if (value <= Character.MAX_CODE_POINT && (value < 0xd800 || value > 0xdfff)) {
            into.writeBytes(Character.toString((int) value).getBytes(StandardCharsets.UTF_8));
        } else {
            return -1;
        }
        return at + digits;
    }
}
