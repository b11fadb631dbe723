package dev.tidemill.common.process;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// A process's end of the pipe to its supervisor.
///
/// Protocol, one line each way at a time, UTF-8:
/// - in: the first line is the whole configuration as one JSON document; every later line replaces
///   it as a whole; the end of the stream means *finish what is in flight and exit*, so a process
///   never outlives a supervisor that was killed.
/// - out: `{"event":"listening","port":N}`, `{"event":"grpc","port":N}` and `{"event":"ready"}`;
///   every other line is a log line.
///
/// No secret passes through arguments or files this way, and no port is guessed before it is bound.
public final class SupervisorLink {
    /// How every event line begins; log lines never do.
    public static final String EVENT_PREFIX = "{\"event\":";

    private final BufferedReader in;
    private final PrintStream out;

    public SupervisorLink(InputStream in, PrintStream out) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = requireNonNull(out, "out");
    }

    /// Blocks for the first configuration.
    ///
    /// @throws IllegalStateException when the stream ends before one came
    public String configuration() {
        try {
            String line = in.readLine();
            if (line == null) {
                throw new IllegalStateException(
                        "standard input: 'closed' (expected: one line of JSON configuration)");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Hands later configurations to `onUpdate` and the end of the stream to `onEnd`, from one
    /// daemon thread. `onEnd` is called exactly once.
    public void follow(Consumer<String> onUpdate, Runnable onEnd) {
        Thread.ofPlatform().daemon().name("supervisor-link").start(() -> read(onUpdate, onEnd));
    }

    public void listening(int port) {
        emit(EVENT_PREFIX + "\"listening\",\"port\":" + port + "}");
    }

    /// Beside the main listener, and before it is told of.
    public void listeningForGrpc(int port) {
        emit(EVENT_PREFIX + "\"grpc\",\"port\":" + port + "}");
    }

    public void ready() {
        emit(EVENT_PREFIX + "\"ready\"}");
    }

    private void emit(String line) {
        out.println(line);
        out.flush();
    }

    private void read(Consumer<String> onUpdate, Runnable onEnd) {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank()) {
                    onUpdate.accept(line);
                }
            }
        } catch (IOException e) {
            // A broken pipe says the same as its end: nobody supervises us any more.
        } finally {
            onEnd.run();
        }
    }
}
