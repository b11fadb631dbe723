package dev.tidemill.cli.process;

import java.io.IOException;

/// Tells a program to end when whoever started it is gone, in whatever way: a shell that waits for
/// the end of its input. Our own processes watch for that themselves; programs of others do not.
final class OrphanGuard {
    private static final System.Logger LOG = System.getLogger(OrphanGuard.class.getName());
    private static final String SCRIPT = "read -r _; kill -TERM \"$1\" 2>/dev/null";

    private OrphanGuard() {}

    /// @return to be run when the program has ended, for its number may soon be another's. Where
    ///   there is no shell nothing is watched, and what is left is ended by the next `up`
    static Runnable over(long pid) {
        try {
            Process shell =
                    new ProcessBuilder(
                                    "/bin/sh", "-c", SCRIPT, "tidemill-guard", String.valueOf(pid))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return shell::destroyForcibly;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no shell", e);
            return () -> {};
        }
    }
}
