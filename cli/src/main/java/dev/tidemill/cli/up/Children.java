package dev.tidemill.cli.up;

import dev.tidemill.cli.process.ChildEvent;
import dev.tidemill.cli.process.ChildProcess;
import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.process.RotatingLog;
import dev.tidemill.cli.state.StateFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Starts children of every role, each with its own log, and hands their events to the [Loop].
/// Confined to the loop.
final class Children {
    private final JavaCommand java;
    private final StateFolder state;
    private final Loop loop;
    private final Map<String, RotatingLog> logs = new HashMap<>();

    Children(JavaCommand java, StateFolder state, Loop loop) {
        this.java = java;
        this.state = state;
        this.loop = loop;
    }

    ChildProcess start(
            String role,
            String name,
            List<String> flags,
            String configuration,
            BiConsumer<ChildProcess, ChildEvent> listener) {
        return ChildProcess.start(
                role,
                name,
                java.with(flags, List.of(role)),
                state.root(),
                configuration,
                log(name),
                (child, event) -> loop.run(() -> listener.accept(child, event)));
    }

    /// A program of others.
    ///
    /// @param environment beside ours
    /// @throws java.io.UncheckedIOException when there is no such program
    ChildProcess program(
            String role,
            String name,
            List<String> command,
            Path folder,
            Map<String, String> environment,
            BiConsumer<ChildProcess, ChildEvent> listener) {
        return ChildProcess.program(
                role,
                name,
                command,
                folder,
                environment,
                log(name),
                (child, event) -> loop.run(() -> listener.accept(child, event)));
    }

    private RotatingLog log(String name) {
        return logs.computeIfAbsent(
                name, n -> new RotatingLog(state.log(n), RotatingLog.DEFAULT_LIMIT));
    }
}
