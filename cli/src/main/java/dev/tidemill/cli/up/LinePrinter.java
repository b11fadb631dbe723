package dev.tidemill.cli.up;

import java.io.PrintStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// One line for everything that is said: for pipes, files and plain terminals.
final class LinePrinter implements Narrator {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final PrintStream out;
    private final InstantSource clock;
    private final ZoneId zone;

    LinePrinter(PrintStream out, InstantSource clock, ZoneId zone) {
        this.out = out;
        this.clock = clock;
        this.zone = zone;
    }

    @Override
    public void say(String about, String sentence) {
        out.println(TIME.format(clock.instant().atZone(zone)) + "  " + about + ": " + sentence);
        out.flush();
    }
}
