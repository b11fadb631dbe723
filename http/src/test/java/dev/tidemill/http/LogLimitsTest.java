package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.CapturedLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LogLimitsTest {
    private final AtomicLong clock = new AtomicLong();

    @Test
    void a_failure_that_repeats_is_logged_once_a_minute_with_its_count() {
        FailureLog failures = new FailureLog(clock::get);
        try (CapturedLog log = CapturedLog.of("dev.tidemill.http.FailureLog")) {
            for (int i = 0; i < 100; i++) {
                failures.add("r" + i, defect("boom " + i));
            }
            assertThat(log.messages()).containsExactly("request r0 failed: boom 0");

            clock.addAndGet(Duration.ofMinutes(1).toNanos());
            failures.add("r100", defect("boom 100"));
            assertThat(log.messages())
                    .hasSize(2)
                    .last()
                    .isEqualTo("request r100 failed: boom 100 (and 99 times before)");
        }
    }

    @Test
    void another_failure_is_logged_at_once() {
        FailureLog failures = new FailureLog(clock::get);
        try (CapturedLog log = CapturedLog.of("dev.tidemill.http.FailureLog")) {
            failures.add("r1", defect("one"));
            failures.add("r2", new IllegalArgumentException("two"));

            assertThat(log.messages())
                    .containsExactly("request r1 failed: one", "request r2 failed: two");
            assertThat(log.records()).allMatch(record -> record.getThrown() != null);
        }
    }

    @Test
    void failed_requests_are_logged_up_to_a_rate_and_counted_beyond_it() {
        AccessLines lines = new AccessLines(AccessLog.FAILURES, clock::get);
        try (CapturedLog log = CapturedLog.of("access")) {
            for (int i = 0; i < AccessLines.MAX_FAILURES_PER_SECOND + 30; i++) {
                lines.add("GET", "/x", 429, 1_000_000, "r" + i);
            }
            assertThat(log.messages()).hasSize(AccessLines.MAX_FAILURES_PER_SECOND);

            clock.addAndGet(Duration.ofSeconds(1).toNanos());
            lines.add("GET", "/x", 500, 1_000_000, "later");
            assertThat(log.messages()).contains("30 more requests failed before");
        }
    }

    @Test
    void every_request_is_logged_when_all_are_wanted_and_none_when_off() {
        try (CapturedLog log = CapturedLog.of("access")) {
            new AccessLines(AccessLog.OFF, clock::get).add("GET", "/x", 500, 1, "r");
            new AccessLines(AccessLog.FAILURES, clock::get).add("GET", "/x", 200, 1, "r");
            assertThat(log.messages()).isEmpty();

            AccessLines all = new AccessLines(AccessLog.ALL, clock::get);
            for (int i = 0; i < 1000; i++) {
                all.add("GET", "/x", 200, 1, "r");
            }
            assertThat(log.messages()).hasSize(1000);
        }
    }

    private static IllegalStateException defect(String message) {
        return new IllegalStateException(message);
    }
}
