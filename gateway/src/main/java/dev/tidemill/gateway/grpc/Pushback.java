package dev.tidemill.gateway.grpc;

import dev.tidemill.routing.AnswerRule;
import io.grpc.Metadata;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import java.util.concurrent.TimeUnit;

/// Whether and when a call may be repeated, as servers say it: gRPC's `grpc-retry-pushback-ms`,
/// where a negative number or none at all means never, or else `retry-after` in seconds, as our own
/// servers have it over both protocols.
final class Pushback {
    private static final String NAME = "grpc-retry-pushback-ms";
    private static final Metadata.Key<String> MILLIS = Trailers.key(NAME);
    private static final Metadata.Key<String> SECONDS = Trailers.key("retry-after");
    private static final long UNSAID = -1;

    /// Tells a client that repeating the call would not help: we did already.
    static final Header NEVER = HeaderValues.createCached(NAME, "-1");

    private Pushback() {}

    /// A server's answer as [AnswerRule] sees it.
    ///
    /// @param sent attempts that have reached a server, this one included
    /// @param others whether there is a server that this call has not tried
    /// @param leftNanos of the call's time
    static AnswerRule.Seen seen(
            Result.Answered<?> answer, int sent, boolean others, long leftNanos) {
        Boolean shouldRetry = null;
        long after = UNSAID;
        if (answer.value() instanceof Reply reply) {
            String millis = reply.trailers().get(MILLIS);
            String seconds = reply.trailers().get(SECONDS);
            if (millis != null) {
                long given = number(millis);
                shouldRetry = given < 0 ? false : null;
                after = given < 0 ? UNSAID : TimeUnit.MILLISECONDS.toNanos(given);
            } else if (seconds != null) {
                long given = number(seconds);
                after = given < 0 ? UNSAID : TimeUnit.SECONDS.toNanos(given);
            }
        }
        return new AnswerRule.Seen(
                Trailers.httpStatus(answer.code()), shouldRetry, after, sent, others, leftNanos);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException _) {
            return UNSAID;
        }
    }
}
