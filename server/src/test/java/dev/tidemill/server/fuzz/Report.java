package dev.tidemill.server.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// One run as a row of a table.
///
/// @param before bytes in use after the first inputs, after a collection
/// @param after the same after the last
record Report(
        String parser,
        int inputs,
        long seed,
        Tally tally,
        long before,
        long after,
        double seconds) {
    /// `dev/fuzz` prints it.
    private static final Path FILE = Path.of("target", "fuzz.md");

    double accepted() {
        return (double) tally.accepted() / inputs;
    }

    double past() {
        return 1 - (double) tally.atOnce() / inputs;
    }

    void publish() {
        String row = row();
        System.out.println(row);
        try {
            Files.createDirectories(FILE.toAbsolutePath().getParent());
            Files.writeString(
                    FILE,
                    row + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %d | %.1f %% | %.1f %% | %.1f %% | %d | %.0f | %.1f -> %.1f | %.0f |",
                parser,
                inputs,
                seed,
                100 * accepted(),
                100.0 * tally.refused() / inputs,
                100 * past(),
                tally.reasons().size(),
                tally.slowestMillis(),
                before / 1048576.0,
                after / 1048576.0,
                seconds);
    }
}
