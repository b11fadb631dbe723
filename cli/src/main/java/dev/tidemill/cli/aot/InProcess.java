package dev.tidemill.cli.aot;

import dev.tidemill.common.process.SupervisorLink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A role that runs as a thread of this JVM, spoken to as its supervisor would.
final class InProcess implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final OutputStream input;
    private final Thread thread;
    private final Map<String, Integer> ports = new HashMap<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private InProcess(OutputStream input, Thread thread) {
        this.input = input;
        this.thread = thread;
    }

    /// The main method of a role.
    @FunctionalInterface
    interface Role {
        void main(InputStream in, PrintStream out) throws InterruptedException;
    }

    /// Returns when the role is ready.
    static InProcess start(String name, Role main, String configuration) throws Exception {
        // Not java.io's pipes: those take the end of any thread that wrote for the end of the
        // stream.
        Pipe in = Pipe.open();
        Pipe out = Pipe.open();
        OutputStream input = Channels.newOutputStream(in.sink());
        InputStream childInput = Channels.newInputStream(in.source());
        InputStream output = Channels.newInputStream(out.source());
        PrintStream childOutput =
                new PrintStream(Channels.newOutputStream(out.sink()), true, StandardCharsets.UTF_8);
        Thread thread =
                Thread.ofPlatform().name(name).unstarted(() -> run(main, childInput, childOutput));
        InProcess role = new InProcess(input, thread);
        Thread.ofPlatform().daemon().name("events-" + name).start(() -> role.read(output));
        thread.start();
        role.send(configuration);
        role.ready.get(60, TimeUnit.SECONDS);
        return role;
    }

    int port(String listener) {
        return ports.getOrDefault(listener, 0);
    }

    void send(String line) throws IOException {
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    @Override
    public void close() throws IOException {
        input.close();
        try {
            thread.join(STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Role role, InputStream in, PrintStream out) {
        try {
            role.main(in, out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(InputStream output) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(SupervisorLink.EVENT_PREFIX)) {
                    JsonNode event = JsonMapper.shared().readTree(line);
                    String kind = event.path("event").asString("");
                    ports.put(kind, event.path("port").asInt(0));
                    if (kind.equals("ready")) {
                        ready.complete(null);
                    }
                } else {
                    System.out.println(line);
                }
            }
        } catch (IOException e) {
            // The writing thread ended without closing the pipe: so did the role.
        }
        ready.completeExceptionally(new IllegalStateException("ended before it was ready"));
    }
}
