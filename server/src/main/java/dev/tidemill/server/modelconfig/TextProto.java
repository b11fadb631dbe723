package dev.tidemill.server.modelconfig;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.Problem;
import dev.tidemill.common.TidemillException;
import java.util.ArrayList;
import java.util.List;

/// Reads protocol buffers' text format: `name: value`, messages in `{}` or `<>`, lists in `[]`,
/// strings with escapes that go on over several quotes, `#` comments. Extensions and `Any` are
/// refused.
final class TextProto {
    /// Deeper files are refused.
    static final int MAX_DEPTH = 32;

    private final String source;
    private final Scanner scanner;

    private TextProto(String source, String text) {
        this.source = source;
        this.scanner = new Scanner(source, text);
    }

    /// @param source file name for messages
    /// @throws TidemillException `INVALID_SPEC` with line and column at the first thing that is not
    ///   text format
    static Node.Message parse(String source, String text) {
        return new TextProto(source, text).message("", 0);
    }

    /// @param end the closing bracket; empty for the end of the file
    private Node.Message message(String end, int depth) {
        if (depth > MAX_DEPTH) {
            throw scanner.wrong("at most %d messages in one another".formatted(MAX_DEPTH));
        }
        List<Node.Field> fields = new ArrayList<>();
        while (true) {
            scanner.next();
            if (scanner.is(end)) {
                return new Node.Message(fields);
            }
            field(fields, depth);
            if (scanner.peeks(";") || scanner.peeks(",")) {
                scanner.next();
            }
        }
    }

    private void field(List<Node.Field> fields, int depth) {
        if (scanner.type() != Scanner.Type.WORD) {
            throw scanner.wrong("the name of a field");
        }
        String name = scanner.text();
        String place = "%s:%d:%d".formatted(source, scanner.line(), scanner.column());
        scanner.next();
        boolean colon = scanner.is(":");
        if (colon) {
            scanner.next();
        }
        if (scanner.is("[")) {
            list(fields, name, place, depth);
        } else if (scanner.is("{") || scanner.is("<")) {
            fields.add(new Node.Field(name, place, nested(depth)));
        } else if (colon) {
            fields.add(new Node.Field(name, place, scalar()));
        } else {
            throw scanner.wrong("':' or '{' after " + name);
        }
    }

    private void list(List<Node.Field> fields, String name, String place, int depth) {
        if (scanner.peeks("]")) {
            scanner.next();
            return;
        }
        while (true) {
            scanner.next();
            boolean message = scanner.is("{") || scanner.is("<");
            fields.add(new Node.Field(name, place, message ? nested(depth) : scalar()));
            scanner.next();
            if (scanner.is("]")) {
                return;
            }
            if (!scanner.is(",")) {
                throw scanner.wrong("',' or ']'");
            }
        }
    }

    private Node nested(int depth) {
        return message(scanner.is("{") ? "}" : ">", depth + 1);
    }

    private Node scalar() {
        return switch (scanner.type()) {
            case STRING -> string();
            case NUMBER -> new Node.Scalar(Node.Kind.NUMBER, scanner.text());
            case WORD -> new Node.Scalar(Node.Kind.WORD, scanner.text());
            case SIGN -> {
                if (!scanner.is("-")) {
                    throw scanner.wrong("a value");
                }
                scanner.next();
                if (scanner.type() != Scanner.Type.NUMBER) {
                    throw scanner.wrong("a number");
                }
                yield new Node.Scalar(Node.Kind.NUMBER, "-" + scanner.text());
            }
            case END -> throw scanner.wrong("a value");
        };
    }

    private Node string() {
        StringBuilder whole = new StringBuilder(scanner.text());
        while (scanner.peeksString()) {
            scanner.next();
            whole.append(scanner.text());
        }
        return new Node.Scalar(Node.Kind.STRING, whole.toString());
    }

    static TidemillException refused(String place, String found, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_SPEC,
                new Problem(place, "text format", found, expected).toString());
    }
}
