package dev.tidemill.cli.up;

import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.state.StateFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Starts `up` as a process of its own that outlives this one and the terminal, shows what it
/// prints until it is ready, and returns.
public final class DetachedUp {
    private static final Duration POLL = Duration.ofMillis(20);

    private final StateFolder state;
    private final PrintStream out;

    public DetachedUp(StateFolder state, PrintStream out) {
        this.state = state;
        this.out = out;
    }

    /// @param arguments of the `up` to start
    /// @return 0 once predictions work, otherwise the exit code of the `up` that failed
    public int start(JavaCommand java, List<String> arguments, long launchedMillis) {
        try {
            state.create();
            Path output = state.output();
            Files.deleteIfExists(output);
            List<String> command = new ArrayList<>();
            // Closing the terminal must not end it; every POSIX system has nohup.
            command.add("nohup");
            command.addAll(java.with(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"), arguments));
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().put("TIDEMILL_STARTED_AT", String.valueOf(launchedMillis));
            return follow(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("a detached up cannot be started", e);
        }
    }

    private int follow(Process up, Path output) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
            while (true) {
                boolean alive = up.isAlive();
                boolean ready =
                        state.note()
                                .filter(note -> note.pid() == up.pid())
                                .filter(note -> note.state().equals("ready"))
                                .isPresent();
                copy(file);
                if (!alive) {
                    return up.exitValue() == 0 ? 1 : up.exitValue();
                }
                if (ready) {
                    // The lines that follow readiness are its summary.
                    LockSupport.parkNanos(POLL.multipliedBy(2).toNanos());
                    copy(file);
                    return 0;
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    private void copy(RandomAccessFile file) throws IOException {
        long fresh = file.length() - file.getFilePointer();
        if (fresh > 0) {
            byte[] bytes = new byte[(int) Math.min(fresh, 1 << 20)];
            file.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            out.print(text.replace("nohup: ignoring input\n", ""));
            out.flush();
        }
    }
}
