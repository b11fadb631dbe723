package dev.tidemill.routing;

/// A failed attempt, as [RetryPolicy] sees it.
///
/// @param sent how many attempts of this request have reached a replica, this one included if it
///   did
/// @param leftNanos what is left of the request's time
/// @param idempotent whether doing it twice is as good as doing it once
public record Attempt(
        String replica, FailureKind failure, int sent, long leftNanos, boolean idempotent) {}
