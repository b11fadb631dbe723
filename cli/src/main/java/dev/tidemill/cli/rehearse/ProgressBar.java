package dev.tidemill.cli.rehearse;

import java.io.PrintStream;

/// A line that fills up, on a terminal only: in a log it would be a thousand lines.
public final class ProgressBar {
    private static final int WIDTH = 32;

    private final PrintStream out;
    private final boolean terminal;
    private String shown = "";

    /// @param terminal whether a person looks
    public ProgressBar(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    public void show(String what, double share) {
        if (!terminal) {
            return;
        }
        int full = (int) Math.round(Math.clamp(share, 0, 1) * WIDTH);
        String line =
                "%-10s [%s%s] %3d %%"
                        .formatted(
                                what,
                                "#".repeat(full),
                                "-".repeat(WIDTH - full),
                                Math.round(100 * share));
        if (!line.equals(shown)) {
            shown = line;
            out.print("\r" + line);
            out.flush();
        }
    }

    public void clear() {
        if (terminal && !shown.isEmpty()) {
            out.print("\r" + " ".repeat(shown.length()) + "\r");
            out.flush();
            shown = "";
        }
    }
}
