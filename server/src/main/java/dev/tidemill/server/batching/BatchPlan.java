package dev.tidemill.server.batching;

import java.util.List;

/// Decides when waiting requests become a batch. Pure; times are nanoseconds of one monotonic
/// clock.
///
/// The rules are those of Triton's dynamic batcher: requests keep their order; a batch ends before
/// the first request that would not fit or has another shape; of the preferred sizes that the
/// waiting rows reach exactly, the largest is taken; once the oldest request has waited for the
/// longest delay, whatever waits goes.
///
/// @param maxRows in one run
/// @param preferred ascending; empty for `maxRows` alone
/// @param maxDelay 0 to wait for nobody
public record BatchPlan(int maxRows, List<Integer> preferred, long maxDelay) {
    public BatchPlan {
        if (maxRows < 1) {
            throw new IllegalArgumentException("maxRows: '%d' (expected: >= 1)".formatted(maxRows));
        }
        preferred = List.copyOf(preferred);
    }

    /// One waiting request, as far as the decision needs it.
    public interface Queued {
        int rows();

        /// Equal for requests whose tensors can be joined.
        Object shape();

        /// When it came.
        long since();
    }

    /// Why a batch was closed.
    public enum Reason {
        NOTHING_ELSE("nothing else waited"),
        ALL_THAT_WAITED("an instance was free: all that waited went"),
        FULL("it was full"),
        NEXT_TOO_LARGE("the next request would not have fitted"),
        OTHER_SHAPE("the next request had another shape"),
        PREFERRED("it reached a preferred size"),
        DELAY_OVER("the oldest request had waited for the longest delay"),
        ALONE_IS_AS_FAST("joining it with others that waited would not have made it cheaper"),
        ALONE_AGAIN("the batch that it was in had failed: each was run again alone");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }

        public String sentence() {
            return sentence;
        }
    }

    /// What to do now.
    public sealed interface Decision {
        /// Run the first `requests` of the queue.
        record Run(int requests, int rows, Reason reason) implements Decision {}

        /// Ask again then, or when another request comes.
        record Wait(long until) implements Decision {}
    }

    /// @param queue in the order of service, not empty
    public Decision decide(Iterable<? extends Queued> queue, long now) {
        int requests = 0;
        int rows = 0;
        int preferredRequests = 0;
        int preferredRows = 0;
        long oldest = Long.MAX_VALUE;
        Object shape = null;
        Reason end = null;
        for (Queued next : queue) {
            if (requests > 0 && !next.shape().equals(shape)) {
                end = Reason.OTHER_SHAPE;
                break;
            }
            // Not added up: without elements, rows can be as many as numbers go.
            if (requests > 0 && next.rows() > maxRows - rows) {
                end = Reason.NEXT_TOO_LARGE;
                break;
            }
            shape = next.shape();
            requests++;
            rows += next.rows();
            oldest = Math.min(oldest, next.since());
            if (preferred.contains(rows)) {
                preferredRequests = requests;
                preferredRows = rows;
            }
            if (rows >= maxRows) {
                end = Reason.FULL;
                break;
            }
        }
        if (maxDelay == 0) {
            return new Decision.Run(requests, rows, end == null ? atOnce(requests) : end);
        }
        if (end == Reason.FULL) {
            return new Decision.Run(requests, rows, end);
        }
        if (now - oldest >= maxDelay) {
            return new Decision.Run(requests, rows, Reason.DELAY_OVER);
        }
        if (preferredRequests > 0) {
            return new Decision.Run(preferredRequests, preferredRows, Reason.PREFERRED);
        }
        return end == null
                ? new Decision.Wait(oldest + maxDelay)
                : new Decision.Run(requests, rows, end);
    }

    /// Whether a request may leave behind others that it could take along: nobody asked for sizes
    /// or for waiting.
    boolean mayRunAlone() {
        return maxDelay == 0 && preferred.isEmpty();
    }

    private static Reason atOnce(int requests) {
        return requests == 1 ? Reason.NOTHING_ELSE : Reason.ALL_THAT_WAITED;
    }
}
