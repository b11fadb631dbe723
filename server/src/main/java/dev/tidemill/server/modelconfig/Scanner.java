package dev.tidemill.server.modelconfig;

import dev.tidemill.common.TidemillException;

/// The words, numbers, strings and signs of a text, one at a time.
final class Scanner {
    private final String source;
    private final String text;
    private int position;
    private int row = 1;
    private int rowStart;

    private Type type = Type.END;
    private String token = "";
    private int tokenRow = 1;
    private int tokenColumn = 1;

    Scanner(String source, String text) {
        this.source = source;
        this.text = text;
    }

    enum Type {
        WORD,
        NUMBER,
        STRING,
        SIGN,
        END
    }

    Type type() {
        return type;
    }

    /// Of a string, what it means.
    String text() {
        return token;
    }

    int line() {
        return tokenRow;
    }

    int column() {
        return tokenColumn;
    }

    /// Whether the token is this sign; the empty one is the end.
    boolean is(String sign) {
        return sign.isEmpty() ? type == Type.END : type == Type.SIGN && token.equals(sign);
    }

    /// Whether the next token begins like this.
    boolean peeks(String sign) {
        skip();
        return text.startsWith(sign, position);
    }

    boolean peeksString() {
        return peeks("\"") || peeks("'");
    }

    void next() {
        skip();
        tokenRow = row;
        tokenColumn = position - rowStart + 1;
        if (position == text.length()) {
            type = Type.END;
            token = "";
            return;
        }
        char c = text.charAt(position);
        if (c == '"' || c == '\'') {
            QuotedText quoted = QuotedText.read(text, position);
            if (!quoted.problem().isEmpty()) {
                token = text.substring(position, Math.min(text.length(), position + 20));
                throw wrong(quoted.problem());
            }
            token(Type.STRING, quoted.end(), quoted.value());
        } else if (isWord(c) && !isDigit(c)) {
            token(Type.WORD, endOfWord(position));
        } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            token(Type.NUMBER, endOfNumber(position));
        } else {
            token(Type.SIGN, position + 1);
        }
    }

    /// What is wrong with the token.
    TidemillException wrong(String expected) {
        return TextProto.refused(
                "%s:%d:%d".formatted(source, tokenRow, tokenColumn),
                type == Type.END && token.isEmpty() ? "end of file" : token,
                expected);
    }

    private void token(Type found, int end) {
        token(found, end, text.substring(position, end));
    }

    private void token(Type found, int end, String value) {
        type = found;
        token = value;
        position = end;
    }

    private void skip() {
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '\n') {
                position++;
                row++;
                rowStart = position;
            } else if (c == '#') {
                int end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end;
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\u000b') {
                position++;
            } else {
                return;
            }
        }
    }

    private int endOfWord(int from) {
        int end = from;
        while (end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /// Also swallows what makes a number wrong, so that the message shows all of it.
    private int endOfNumber(int from) {
        int end = from;
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean exponentSign =
                    (c == '+' || c == '-') && (text.charAt(end - 1) | 0x20) == 'e' && end > from;
            if (!isWord(c) && c != '.' && !exponentSign) {
                return end;
            }
            end++;
        }
        return end;
    }

    private char peek(int ahead) {
        return position + ahead < text.length() ? text.charAt(position + ahead) : '\0';
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
