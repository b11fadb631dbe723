package dev.tidemill.rehearsal.trace;

/// A trace that cannot be used, with the line where that shows.
public final class TraceException extends IllegalArgumentException {
    private static final int SHOWN = 80;

    TraceException(long line, String text, String expected) {
        super("trace line %d: '%s' (expected: %s)".formatted(line, shown(text), expected));
    }

    TraceException(String message) {
        super(message);
    }

    private static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        StringBuilder clean = new StringBuilder(cut.length());
        cut.chars().forEach(c -> clean.append(c < 0x20 || c == 0x7f ? '?' : (char) c));
        return clean.toString();
    }
}
