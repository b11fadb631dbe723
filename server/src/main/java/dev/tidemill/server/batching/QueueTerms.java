package dev.tidemill.server.batching;

import java.time.Duration;

/// What a request says about its waiting.
///
/// @param priority 1 is the most urgent; 0 for the model's default
/// @param timeout how long it may wait at most, which is no longer than [#LONGEST]; zero for what
///   the model's policy says
/// @param deadline in ns of the monotonic clock; `Long.MAX_VALUE` when there is none
public record QueueTerms(int priority, Duration timeout, long deadline) {
    /// Clients may say any number; beyond this the end of the wait would lie before its beginning.
    static final Duration LONGEST = Duration.ofDays(1);

    public static final QueueTerms NONE = new QueueTerms(0, Duration.ZERO, Long.MAX_VALUE);

    public QueueTerms {
        timeout = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    }
}
