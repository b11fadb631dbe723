package dev.tidemill.operator.status;

/// Why something is not as it should be.
///
/// @param reason one word
/// @param message what is
/// @param advice what to do
public record Trouble(String reason, String message, String advice) {
    @Override
    public String toString() {
        return "%s (what to do: %s)".formatted(message, advice);
    }
}
