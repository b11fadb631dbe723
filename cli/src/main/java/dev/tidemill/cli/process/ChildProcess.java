package dev.tidemill.cli.process;

import dev.tidemill.common.process.SupervisorLink;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One running child. Its standard input is the supervisor's end of a [SupervisorLink]; its output
/// goes line by line to a log, except events, which go to the listener from the child's own thread.
/// A program of others has no link: of it only its end is known, and signals end it.
public final class ChildProcess {
    private static final Duration INSIST = Duration.ofSeconds(2);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final String role;
    private final String name;
    private final Process process;
    private final BufferedWriter input;
    private final boolean linked;

    private ChildProcess(String role, String name, Process process, boolean linked) {
        this.role = role;
        this.name = name;
        this.process = process;
        this.linked = linked;
        this.input =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /// @param command whole command line
    /// @param configuration the first line that the child reads
    /// @param listener gets every event, `Exited` last and exactly once
    public static ChildProcess start(
            String role,
            String name,
            List<String> command,
            Path folder,
            String configuration,
            RotatingLog log,
            BiConsumer<ChildProcess, ChildEvent> listener) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .start();
            ChildProcess child = new ChildProcess(role, name, process, true);
            Thread.ofVirtual().name("output-" + name).start(() -> child.pump(log, listener));
            child.send(configuration);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": cannot be started", e);
        }
    }

    /// A program of others: it reads nothing, and all that it says goes to the log.
    ///
    /// @param command whole command line
    /// @param environment beside ours
    /// @param listener gets `Exited`, exactly once
    /// @throws UncheckedIOException when there is no such program
    public static ChildProcess program(
            String role,
            String name,
            List<String> command,
            Path folder,
            Map<String, String> environment,
            RotatingLog log,
            BiConsumer<ChildProcess, ChildEvent> listener) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            ChildProcess child = new ChildProcess(role, name, process, false);
            Runnable unguard = OrphanGuard.over(process.pid());
            Thread output = Thread.ofVirtual().name("output-" + name).start(() -> child.copy(log));
            Thread.ofVirtual()
                    .name("end-" + name)
                    .start(() -> child.await(output, unguard, listener));
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    public String role() {
        return role;
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /// Sends one line; a child that is gone reads nothing, which its exit will tell.
    public void send(String line) {
        try {
            synchronized (input) {
                input.write(line);
                input.newLine();
                input.flush();
            }
        } catch (IOException e) {
            // The pipe is broken because the child is gone: Exited follows.
        }
    }

    /// Asks the child to finish what is in flight, waits, and insists step by step: end of input,
    /// SIGTERM, SIGKILL; a program of others begins with SIGTERM. Blocks until it is gone.
    public void stop(Duration grace) {
        if (linked) {
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                // Already closed, or the child is gone: both are what we want.
            }
            if (gone(grace)) {
                return;
            }
        }
        process.destroy();
        if (!gone(linked ? INSIST : grace)) {
            kill();
            gone(Duration.ofSeconds(5));
        }
    }

    /// Ends it at once, without a chance to finish anything, and what it may have started.
    public void kill() {
        if (!linked) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
    }

    private void copy(RotatingLog log) {
        try (BufferedReader lines = output()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.write(line);
            }
        } catch (IOException e) {
            log.write("output of %s ended: %s".formatted(name, e.getMessage()));
        }
    }

    /// What it started may live on and hold its output open: its end is told all the same.
    private void await(
            Thread output, Runnable unguard, BiConsumer<ChildProcess, ChildEvent> listener) {
        int code = process.onExit().join().exitValue();
        unguard.run();
        try {
            var _ = output.join(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.accept(this, new ChildEvent.Exited(code));
    }

    private boolean gone(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private void pump(RotatingLog log, BiConsumer<ChildProcess, ChildEvent> listener) {
        JsonMapper json = JsonMapper.shared();
        try (BufferedReader lines = output()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<ChildEvent> event = event(json, line);
                if (event.isPresent()) {
                    listener.accept(this, event.get());
                } else {
                    log.write(line);
                }
            }
        } catch (IOException e) {
            log.write("{\"message\":\"output of %s ended: %s\"}".formatted(name, e.getMessage()));
        }
        process.onExit().thenAccept(_ -> {}).join();
        listener.accept(this, new ChildEvent.Exited(process.exitValue()));
    }

    private BufferedReader output() {
        return new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static Optional<ChildEvent> event(JsonMapper json, String line) {
        if (!line.startsWith(SupervisorLink.EVENT_PREFIX)) {
            return Optional.empty();
        }
        try {
            JsonNode event = json.readTree(line);
            int port = event.path("port").asInt(0);
            return switch (event.path("event").asString("")) {
                case "listening" -> Optional.of(new ChildEvent.Listening(port));
                case "grpc" -> Optional.of(new ChildEvent.GrpcListening(port));
                case "admin" -> Optional.of(new ChildEvent.AdminListening(port));
                case "ready" -> Optional.of(new ChildEvent.Ready());
                default -> Optional.empty();
            };
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
