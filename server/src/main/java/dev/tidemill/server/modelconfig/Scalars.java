package dev.tidemill.server.modelconfig;

/// Texts, numbers and truths as they are written; what is none is noted, and a harmless value
/// stands in for it.
record Scalars(Findings findings) {

    String text(Node.Field field, String path) {
        if (field.value() instanceof Node.Scalar(var kind, var text) && kind == Node.Kind.STRING) {
            return text;
        }
        wrong(field, path, "a text in quotes");
        return "";
    }

    boolean flag(Node.Field field, String path) {
        return switch (raw(field)) {
            case "true", "True", "t", "1" -> true;
            case "false", "False", "f", "0" -> false;
            default -> {
                wrong(field, path, "true or false");
                yield false;
            }
        };
    }

    /// Protocol buffers' JSON writes long integers as texts.
    long number(Node.Field field, String path, long min, long max) {
        if (field.value() instanceof Node.Scalar(var kind, var text)
                && (kind == Node.Kind.NUMBER || (findings.json() && kind == Node.Kind.STRING))) {
            try {
                long value = Long.decode(text);
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException _) {
                // said below
            }
        }
        wrong(
                field,
                path,
                max == Long.MAX_VALUE
                        ? "an integer >= " + min
                        : "an integer, %d to %d".formatted(min, max));
        return min;
    }

    void wrong(Node.Field field, String path, String expected) {
        findings.wrong(field.place(), path, raw(field), expected);
    }

    static String raw(Node.Field field) {
        return switch (field.value()) {
            case Node.Scalar(_, var text) -> text;
            case Node.Message _ -> "{...}";
        };
    }
}
