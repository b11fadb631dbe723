package dev.tidemill.limits;

/// The answer to one more request of a client.
public sealed interface QuotaDecision {
    Quota.Use use();

    /// @param use with the request in it
    record Granted(Quota.Use use) implements QuotaDecision {}

    /// @param use as it is without the request
    /// @param waitNanos how long until the same request would be granted if nobody else came; 0
    ///   when nobody knows
    record Exceeded(Quota.Use use, What what, long waitNanos) implements QuotaDecision {}

    enum What {
        REQUESTS("requests a minute"),
        TOKENS("tokens a minute"),
        CONCURRENT("requests at a time"),
        MONEY("a day");

        private final String wording;

        What(String wording) {
            this.wording = wording;
        }

        /// To follow a number.
        public String wording() {
            return wording;
        }
    }
}
