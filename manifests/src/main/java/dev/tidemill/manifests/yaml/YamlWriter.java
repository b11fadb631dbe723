package dev.tidemill.manifests.yaml;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Writes trees of maps, lists, strings, numbers and booleans. What one version of YAML takes for
/// something else than text (`on`, `012`, `1e3`, `2026-01-01`, `12:30`) is in quotes.
public final class YamlWriter {
    private static final Pattern PLAIN =
            Pattern.compile("(--?)?[A-Za-z/][A-Za-z0-9_./@=+-]*(:[A-Za-z0-9_./@=+-]+)*");
    private static final Pattern WORD =
            Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|nan|inf");

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    /// One document, without the line that separates it from others.
    public static String write(Map<String, ?> tree) {
        YamlWriter writer = new YamlWriter();
        writer.mapping(tree, 0, false);
        return writer.out.toString();
    }

    /// One document that is a list.
    public static String list(List<?> items) {
        YamlWriter writer = new YamlWriter();
        writer.sequence(items, 0);
        return writer.out.toString();
    }

    /// Documents with `---` between them.
    public static String documents(List<? extends Map<String, ?>> trees) {
        return String.join("---\n", trees.stream().map(YamlWriter::write).toList());
    }

    /// @param begun whether the first line has its indent already
    private void mapping(Map<?, ?> map, int indent, boolean begun) {
        boolean first = begun;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!first) {
                out.repeat(' ', indent);
            }
            first = false;
            out.append(text(String.valueOf(entry.getKey()))).append(':');
            value(entry.getValue(), indent, indent + 2);
        }
    }

    private void sequence(List<?> list, int indent) {
        for (Object item : list) {
            out.repeat(' ', indent).append('-');
            if (item instanceof Map<?, ?> map && !map.isEmpty()) {
                out.append(' ');
                mapping(map, indent + 2, true);
            } else {
                value(item, indent + 2, indent + 2);
            }
        }
    }

    /// @param listIndent of the dashes of a list, which stand below their key
    private void value(Object value, int listIndent, int indent) {
        switch (value) {
            case Map<?, ?> map when map.isEmpty() -> out.append(" {}\n");
            case Map<?, ?> map -> {
                out.append('\n');
                mapping(map, indent, false);
            }
            case List<?> list when list.isEmpty() -> out.append(" []\n");
            case List<?> list -> {
                out.append('\n');
                sequence(list, listIndent);
            }
            case Expression(String text) ->
                    out.append(' ')
                            .append(text.replace(Expression.INDENT, String.valueOf(indent)))
                            .append('\n');
            case String text when isBlock(text) -> block(text, indent);
            case String text -> out.append(' ').append(text(text)).append('\n');
            case Number number -> out.append(' ').append(number).append('\n');
            case Boolean flag -> out.append(' ').append(flag).append('\n');
            default ->
                    throw new IllegalArgumentException(
                            "value: '%s' (expected: a map, list, string, number or boolean)"
                                    .formatted(value.getClass()));
        }
    }

    /// Lines that a literal block keeps as they are.
    private static boolean isBlock(String text) {
        return text.indexOf('\n') > 0
                && !text.startsWith(" ")
                && !text.endsWith("\n\n")
                && text.lines().noneMatch(line -> line.endsWith(" "))
                && text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
    }

    private void block(String text, int indent) {
        out.append(text.endsWith("\n") ? " |\n" : " |-\n");
        text.lines()
                .forEach(line -> {
                    if (!line.isEmpty()) {
                        out.repeat(' ', indent).append(line);
                    }
                    out.append('\n');
                });
    }

    private static String text(String text) {
        return PLAIN.matcher(text).matches() && !WORD.matcher(text).matches() ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' '
                            || (c >= 0x7f && c <= 0xa0)
                            || c == 0xfeff
                            || c == 0x2028
                            || c == 0x2029) {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
