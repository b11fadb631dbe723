package dev.tidemill.routing;

import static java.util.Objects.requireNonNull;

/// A replica at the moment of a pick.
///
/// @param inFlight requests that it is answering for this gateway
/// @param ejectedUntilNanos monotonic time before which it is avoided because it could not be
///   reached; any time in the past means that it is not
public record Candidate(String id, int inFlight, long ejectedUntilNanos) {
    public Candidate {
        requireNonNull(id, "id");
    }

    public boolean isEjected(long nowNanos) {
        return ejectedUntilNanos - nowNanos > 0;
    }
}
