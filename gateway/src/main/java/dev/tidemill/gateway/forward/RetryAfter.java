package dev.tidemill.gateway.forward;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// What an upstream says about asking it again.
final class RetryAfter {
    static final HeaderName SHOULD_RETRY = HeaderNames.create("x-should-retry");
    private static final HeaderName MILLIS = HeaderNames.create("retry-after-ms");
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double LONGEST_SECONDS = 1e6;

    private RetryAfter() {}

    static @Nullable Boolean shouldRetry(Headers headers) {
        if (!headers.contains(SHOULD_RETRY)) {
            return null;
        }
        String said = headers.get(SHOULD_RETRY).get();
        return said.equalsIgnoreCase("true")
                ? Boolean.TRUE
                : said.equalsIgnoreCase("false") ? Boolean.FALSE : null;
    }

    /// As OpenAI's clients read it: milliseconds first, then seconds, whole or not, or a date.
    ///
    /// @return -1 when it says nothing that can be read
    static long nanos(Headers headers, InstantSource clock) {
        if (headers.contains(MILLIS)) {
            double millis = number(headers.get(MILLIS).get());
            if (millis >= 0) {
                return (long) (Math.min(millis / 1e3, LONGEST_SECONDS) * NANOS_PER_SECOND);
            }
        }
        if (!headers.contains(HeaderNames.RETRY_AFTER)) {
            return -1;
        }
        String said = headers.get(HeaderNames.RETRY_AFTER).get();
        double seconds = number(said);
        if (seconds >= 0) {
            return (long) (Math.min(seconds, LONGEST_SECONDS) * NANOS_PER_SECOND);
        }
        try {
            Instant at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(said));
            Duration wait = Duration.between(clock.instant(), at);
            return wait.isNegative()
                    ? 0
                    : (long)
                            (Math.min((double) wait.toSeconds(), LONGEST_SECONDS)
                                    * NANOS_PER_SECOND);
        } catch (DateTimeException e) {
            return -1;
        }
    }

    private static double number(String text) {
        try {
            double number = Double.parseDouble(text.strip());
            return Double.isFinite(number) ? number : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
