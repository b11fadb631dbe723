package dev.tidemill.routing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.routing.Retry.Where;

/// Decides whether a failed attempt is repeated.
///
/// - Not sent at all: always, while there is time. It costs no replica any work, and picking runs
///   out of replicas by itself.
/// - Sent, and nothing of an answer passed on: when it is idempotent, at most `maxSent` times (a
///   request that kills replicas must not kill all of them), and within the [RetryBudget].
/// - Passed on in part, or out of time: never.
///
/// @param maxSent attempts of one request that may reach a replica
public record RetryPolicy(int maxSent) {
    public RetryPolicy {
        if (maxSent < 1) {
            throw new IllegalArgumentException("maxSent: '%d' (expected: >= 1)".formatted(maxSent));
        }
    }

    /// @param budget is charged when the decision is to send again and this puts load on replicas
    public Retry decide(Attempt attempt, RetryBudget budget, long nowNanos) {
        String what = "replica '%s' %s".formatted(attempt.replica(), attempt.failure().wording());
        if (attempt.leftNanos() <= 0) {
            return new Retry.GiveUp(ErrorCode.DEADLINE_EXCEEDED, what + " and no time is left");
        }
        return switch (attempt.failure()) {
            case CONNECT_REFUSED ->
                    new Retry.Again(Where.ANOTHER_REPLICA, what + ", the request was never sent");
            case STALE_CONNECTION -> resend(attempt, what, Where.SAME_REPLICA);
            case RESET_BEFORE_ANSWER, CUT_MID_ANSWER_BUFFERED ->
                    budgeted(resend(attempt, what, Where.ANOTHER_REPLICA), what, budget, nowNanos);
            case CUT_AFTER_FIRST_BYTE_SENT -> new Retry.GiveUp(ErrorCode.UPSTREAM_FAILED, what);
            case TIMEOUT -> new Retry.GiveUp(ErrorCode.DEADLINE_EXCEEDED, what);
            case CLIENT_LEFT -> new Retry.GiveUp(ErrorCode.UPSTREAM_FAILED, what);
        };
    }

    private Retry resend(Attempt attempt, String what, Where where) {
        if (!attempt.idempotent()) {
            return new Retry.GiveUp(
                    ErrorCode.UPSTREAM_FAILED, what + " and the request may have taken effect");
        }
        if (attempt.sent() >= maxSent) {
            return new Retry.GiveUp(
                    ErrorCode.UPSTREAM_FAILED,
                    "%s and %d attempts are the most".formatted(what, maxSent));
        }
        return new Retry.Again(
                where, "%s, attempt %d of %d".formatted(what, attempt.sent(), maxSent));
    }

    private static Retry budgeted(Retry wanted, String what, RetryBudget budget, long nowNanos) {
        return switch (wanted) {
            case Retry.GiveUp giveUp -> giveUp;
            case Retry.Again again when budget.take(nowNanos) -> again;
            case Retry.Again _ ->
                    new Retry.GiveUp(
                            ErrorCode.UPSTREAM_FAILED, what + " and the retry budget is spent");
        };
    }
}
