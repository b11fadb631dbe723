package dev.tidemill.guardrails;

/// A place in a text that must not pass as it is.
///
/// @param from its first character
/// @param to after its last one
/// @param replacement what stands there instead, where it is redacted
/// @param what it is, for metrics and the audit log: `email`; never the text itself
public record Finding(int from, int to, String replacement, String what) {
    public Finding {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "finding: '%d to %d' (expected: at least one character)".formatted(from, to));
        }
    }
}
