package dev.tidemill.routing;

import dev.tidemill.routing.canary.Latencies;

/// After what time without an answer a second replica is asked as well.
public sealed interface HedgeDelay {
    /// Answers below which nothing was learned.
    int MIN_SEEN = 50;

    /// @param seen how long answers took of late
    /// @return -1 when it is not known yet
    long nanos(Latencies seen);

    record Fixed(long nanos) implements HedgeDelay {
        public Fixed {
            if (nanos < 0) {
                throw new IllegalArgumentException(
                        "hedge after: '%d ns' (expected: 0 or more)".formatted(nanos));
            }
        }

        @Override
        public long nanos(Latencies seen) {
            return nanos;
        }
    }

    /// When most answers would be there: with 0.95 one request of twenty is sent twice.
    record Quantile(double part) implements HedgeDelay {
        public Quantile {
            if (!(part > 0 && part < 1)) {
                throw new IllegalArgumentException(
                        "hedge quantile: '%s' (expected: between 0 and 1)".formatted(part));
            }
        }

        @Override
        public long nanos(Latencies seen) {
            return seen.total() < MIN_SEEN ? -1 : (long) seen.quantile(part);
        }
    }
}
