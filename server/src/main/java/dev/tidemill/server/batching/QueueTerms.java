package dev.tidemill.server.batching;

import java.time.Duration;

/// What a request says about its waiting.
///
/// @param priority 1 is the most urgent; 0 for the model's default
/// @param timeout how long it may wait at most; zero for what the model's policy says
/// @param deadline in ns of the monotonic clock; `Long.MAX_VALUE` when there is none
public record QueueTerms(int priority, Duration timeout, long deadline) {
    public static final QueueTerms NONE = new QueueTerms(0, Duration.ZERO, Long.MAX_VALUE);
}
