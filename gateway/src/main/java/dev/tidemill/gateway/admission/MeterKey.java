package dev.tidemill.gateway.admission;

/// Which of a rule's limits: empty where the rule makes no difference.
record MeterKey(String rule, String key, String team, String model, String route, String address) {
    /// The limit that all share for whom there was no room.
    static MeterKey overflow(String rule) {
        return new MeterKey(rule, "*", "*", "*", "*", "*");
    }
}
