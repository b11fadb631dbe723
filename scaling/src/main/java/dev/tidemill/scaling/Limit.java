package dev.tidemill.scaling;

/// What kept a verdict from being what its rule alone called for.
public enum Limit {
    /// Too near to the target to change anything.
    TOLERANCE("too near to the target to change"),
    /// The fewest allowed.
    MIN("min"),
    /// The most allowed.
    MAX("max"),
    /// At most so many at a time.
    RATE("rate"),
    /// What was wanted a while ago still counts.
    WINDOW("window"),
    /// Started replicas are kept for at least as long as starting one takes.
    HOLD("hold"),
    /// A schedule asks for more.
    SCHEDULE("schedule"),
    /// A burst suspends shrinking.
    BURST("burst"),
    /// A signal is missing.
    SILENT("missing signal"),
    /// A signal has been missing for long: the stated safe count applies.
    FALLBACK("fallback"),
    /// Zero replicas wait for the first sign of work, and work for a quiet while before zero.
    ACTIVATION("activation"),
    /// This direction, or everything, is switched off.
    DISABLED("switched off");

    private final String label;

    Limit(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
