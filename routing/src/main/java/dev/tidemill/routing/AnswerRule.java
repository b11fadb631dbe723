package dev.tidemill.routing;

import org.jspecify.annotations.Nullable;

/// Decides whether a server's answer is passed on, or the request sent again to another server (or,
/// when there is none, once more to the same): OpenAI's clients repeat 408, 409, 429 and 5xx, and
/// obey `x-should-retry`.
///
/// @param attempts that may reach a server
/// @param maxWaitNanos the longest wait that a server may ask for
public record AnswerRule(int attempts, long maxWaitNanos) {
    public AnswerRule {
        if (attempts < 1 || maxWaitNanos < 0) {
            throw new IllegalArgumentException(
                    "answers: '%d attempts, %d ns' (expected: at least 1 and 0)"
                            .formatted(attempts, maxWaitNanos));
        }
    }

    /// An answer, as this rule sees it.
    ///
    /// @param shouldRetry `x-should-retry`, null when absent
    /// @param retryAfterNanos what the server asks to wait, -1 when it does not say
    /// @param sent attempts that have reached a server, this one included
    /// @param others whether there is a server that this request has not tried
    /// @param leftNanos of the request's time
    public record Seen(
            int status,
            @Nullable Boolean shouldRetry,
            long retryAfterNanos,
            int sent,
            boolean others,
            long leftNanos) {}

    public AnswerVerdict decide(Seen answer, RetryBudget budget, long nowNanos) {
        if (!isFailure(answer.status(), answer.shouldRetry())) {
            return AnswerVerdict.PASS;
        }
        String what = "answered %d".formatted(answer.status());
        if (Boolean.FALSE.equals(answer.shouldRetry())) {
            return new AnswerVerdict.Pass(what + " and asked not to be asked again", true);
        }
        if (answer.sent() >= attempts) {
            return new AnswerVerdict.Pass(
                    "%s and %d attempts are the most".formatted(what, attempts), true);
        }
        long wait = answer.others() ? 0 : Math.max(0, answer.retryAfterNanos());
        if (!answer.others() && answer.retryAfterNanos() < 0) {
            return new AnswerVerdict.Pass(what + " and there is no other", false);
        }
        if (wait > maxWaitNanos || wait >= answer.leftNanos()) {
            return new AnswerVerdict.Pass(what + " and the wait is too long", false);
        }
        return budget.take(nowNanos)
                ? new AnswerVerdict.Again(wait, what)
                : new AnswerVerdict.Pass(what + " and the retry budget is used up", true);
    }

    /// Whether the server has failed, rather than the request.
    public static boolean isFailure(int status, @Nullable Boolean shouldRetry) {
        if (shouldRetry != null) {
            return shouldRetry || status >= 500;
        }
        return status >= 500 || status == 429 || status == 408 || status == 409;
    }
}
