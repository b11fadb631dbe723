package dev.tidemill.gateway.admission;

import dev.tidemill.limits.Amount;

/// What a request has taken of its limits. Ends with [#settle] or, when it was never answered, with
/// [#close()] alone, which gives everything but the request itself back. Used by one thread.
public sealed interface Reservation extends AutoCloseable
        permits LinedReservation, LocalReservation, SharedReservation {
    /// What was reserved.
    Amount estimate();

    /// @param actual what was used
    void settle(Amount actual);

    @Override
    default void close() {
        settle(Amount.NONE);
    }
}
