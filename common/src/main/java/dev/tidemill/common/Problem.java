package dev.tidemill.common;

import static java.util.Objects.requireNonNull;

/// One thing that is wrong with an input, rendered as `place: path: 'value' (expected: ...)`.
///
/// @param place file and line, such as `tidemill.yaml:12`; empty when the input is not a file
/// @param path what in the input, such as `Model/digits spec.scaling.min`
/// @param value the refused value as written
/// @param expected what would have been accepted
public record Problem(String place, String path, String value, String expected) {
    private static final int MAX_VALUE = 80;

    public Problem {
        requireNonNull(place, "place");
        requireNonNull(path, "path");
        requireNonNull(value, "value");
        requireNonNull(expected, "expected");
    }

    @Override
    public String toString() {
        String shown = value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE) + "...";
        String printable = shown.replaceAll("\\p{Cntrl}", "?");
        String text = "%s: '%s' (expected: %s)".formatted(path, printable, expected);
        return place.isEmpty() ? text : place + ": " + text;
    }
}
