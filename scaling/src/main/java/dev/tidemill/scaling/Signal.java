package dev.tidemill.scaling;

/// What can be measured of a target. A share is 1 for the whole; totals are over all replicas.
public enum Signal {
    /// Requests that arrived, a second, since the observation before.
    ARRIVALS("requests/s"),
    /// Requests in flight on average since the observation before, waiting ones included; total.
    IN_FLIGHT("requests in flight"),
    /// Requests that wait for a slot on average since the observation before; total.
    WAITING("requests waiting"),
    /// CPU used, as a share of what is requested; mean of the ready replicas.
    CPU("cpu"),
    /// Memory used, as a share of what is requested; mean of the ready replicas.
    MEMORY("memory"),
    /// GPU busy, as a share; mean of the ready replicas.
    GPU("gpu"),
    /// 99th percentile of response times, seconds.
    P99("p99"),
    /// Messages that a consumer group is behind; total.
    LAG("lag"),
    /// Tasks in the queue; total.
    QUEUE_DEPTH("queue depth"),
    /// Prompt tokens that arrived, a second; total.
    PROMPT_TOKENS("prompt tokens/s"),
    /// Tokens generated, a second; total.
    OUTPUT_TOKENS("output tokens/s"),
    /// Key-value cache in use, as a share; mean of the ready replicas.
    KV_CACHE("kv cache"),
    /// Seconds that a request occupies a slot, waiting not counted; mean, as measured.
    SLOT_SECONDS("s a slot"),
    /// Runs that go on in a replica at a time, as it says itself, each of a request or of several
    /// that are joined; mean.
    SLOTS("slots"),
    /// Seconds from an order to a ready replica; as measured.
    START_SECONDS("s to start"),
    /// Share of requests later than the objective allows, since the observation before.
    LATE("late");

    static final int COUNT = values().length;

    private final String label;

    Signal(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
