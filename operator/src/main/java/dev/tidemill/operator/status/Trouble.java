package dev.tidemill.operator.status;

/// Why something is not as it should be.
///
/// @param reason one word
/// @param message what is
/// @param advice what to do
public record Trouble(String reason, String message, String advice) {
    /// @param words which new version was, and why
    public static Trouble rolledBack(String words) {
        return new Trouble(
                "CanaryRolledBack",
                words,
                "the version before has all requests; mend the new one and change the route's"
                        + " last upstream or its canary to try it again, or take them out");
    }

    /// @param words which definitions are not of this release
    public static Trouble outdated(String words) {
        return new Trouble(
                "DefinitionsOutdated",
                words,
                "tidemill render --crds | kubectl apply --server-side -f -, then restart the"
                        + " operator");
    }

    /// @param words which API is whose
    public static Trouble metricsOfAnother(String words) {
        return new Trouble(
                "MetricsOfAnother",
                words,
                "have that one serve tidemill_server_in_flight, or remove it, or say scaling:"
                        + " tidemill in the Environment, which needs no such API");
    }

    @Override
    public String toString() {
        return "%s (what to do: %s)".formatted(message, advice);
    }
}
