package dev.tidemill.cli.up;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Redraws the [LiveTable] on a terminal once a second, in place, until the session stops.
final class Screen {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final String HOME = "\u001b[H";
    private static final String CLEAR = "\u001b[2J";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final int DEFAULT_WIDTH = 120;

    private final PrintStream out;
    private final InstantSource clock;
    private final ZoneId zone;

    Screen(PrintStream out, InstantSource clock, ZoneId zone) {
        this.out = out;
        this.clock = clock;
        this.zone = zone;
    }

    void draw(UpSession session) {
        out.print(CLEAR);
        while (!session.isStopping()) {
            List<String> lines =
                    LiveTable.render(session.status(), clock.instant(), zone, DEFAULT_WIDTH);
            StringBuilder frame = new StringBuilder(HOME);
            lines.forEach(line -> frame.append(line).append(CLEAR_LINE).append('\n'));
            frame.append("\nCtrl-C stops everything").append(CLEAR_LINE).append(CLEAR_BELOW);
            out.print(frame);
            out.flush();
            LockSupport.parkNanos(EVERY.toNanos());
        }
        out.println();
    }
}
