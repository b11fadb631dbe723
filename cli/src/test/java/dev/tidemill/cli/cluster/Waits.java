package dev.tidemill.cli.cluster;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/// Bounded waits that say what they waited for, and progress that is seen while a test runs.
final class Waits {
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(300);
    private static final long BEGIN = System.nanoTime();

    private Waits() {}

    /// @return how long it took
    static Duration until(String what, Callable<Boolean> condition) {
        return until(what, LIMIT, condition);
    }

    static Duration until(String what, Duration limit, Callable<Boolean> condition) {
        long begin = System.nanoTime();
        // An API server that is away for a moment, an object that is not there yet.
        Awaitility.await(what).atMost(limit).pollInterval(POLL).ignoreExceptions().until(condition);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        say("%s after %.1f s", what, took.toMillis() / 1e3);
        return took;
    }

    /// As a narrator of commands.
    static void told(String who, String what) {
        say("%s: %s", who, what);
    }

    /// With the time since the tests began, on the terminal: Maven keeps what tests print for their
    /// report.
    static void say(String format, Object... arguments) {
        String line =
                "%6.1f s  %s"
                        .formatted((System.nanoTime() - BEGIN) / 1e9, format.formatted(arguments));
        System.out.println(line);
    }
}
