package dev.tidemill.cli.importing;

import dev.tidemill.cli.process.RotatingLog;
import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs one Python as a child, with a limit, and takes it along when this process ends. What it
/// writes on standard error goes to the log.
final class PythonProcess {
    private static final Duration AFTER_EXIT = Duration.ofSeconds(5);

    /// A converter that fetches or uses a GPU behind the user's back would surprise them.
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "HF_HUB_OFFLINE", "1",
                    "TRANSFORMERS_OFFLINE", "1",
                    "HF_DATASETS_OFFLINE", "1",
                    "CUDA_VISIBLE_DEVICES", "-1",
                    "TF_CPP_MIN_LOG_LEVEL", "2",
                    "PYTHONNOUSERSITE", "1",
                    "PYTHONDONTWRITEBYTECODE", "1",
                    "PYTHONIOENCODING", "utf-8");

    private final Path folder;
    private final RotatingLog log;

    /// @param folder where children run
    PythonProcess(Path folder, RotatingLog log) {
        this.folder = folder;
        this.log = log;
    }

    Path log() {
        return log.file();
    }

    /// Waits until it ends.
    ///
    /// @param what it is, for the message when it takes too long
    /// @param lines gets what it writes on standard output, line by line, from another thread
    /// @return its exit code
    int run(String what, List<String> command, Duration limit, Consumer<String> lines) {
        return run(what, command, limit, lines, _ -> {});
    }

    /// @param errors gets what it writes on standard error, from a third thread
    int run(
            String what,
            List<String> command,
            Duration limit,
            Consumer<String> lines,
            Consumer<String> errors) {
        log.write("$ " + Secrets.hidden(String.join(" ", command)));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove("PYTHONPATH");
        builder.environment().remove("PYTHONHOME");
        builder.environment().putAll(ENVIRONMENT);
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(what + ": cannot be started: " + e.getMessage(), e);
        }
        Thread takeAlong = new Thread(() -> end(process), "end-" + process.pid());
        Runtime.getRuntime().addShutdownHook(takeAlong);
        try {
            Thread wrong =
                    pump(
                            process.getErrorStream(),
                            line -> {
                                log.write(Secrets.hidden(line));
                                errors.accept(line);
                            });
            Thread output = pump(process.getInputStream(), lines);
            return await(what, process, limit, List.of(wrong, output));
        } finally {
            end(process);
            forget(takeAlong);
        }
    }

    private int await(String what, Process process, Duration limit, List<Thread> pumps) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TidemillException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "%s: 'still running after %s' (expected: done by then; see --timeout; log: %s)"
                                .formatted(what, DurationText.format(limit), log.file()));
            }
            for (Thread pump : pumps) {
                pump.join(AFTER_EXIT);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TidemillException(ErrorCode.UNAVAILABLE, what + ": 'interrupted'", e);
        }
    }

    private Thread pump(InputStream from, Consumer<String> to) {
        return Thread.ofVirtual()
                .start(() -> {
                    try (BufferedReader reader =
                            new BufferedReader(
                                    new InputStreamReader(from, StandardCharsets.UTF_8))) {
                        for (String line = reader.readLine();
                                line != null;
                                line = reader.readLine()) {
                            to.accept(line);
                        }
                    } catch (IOException e) {
                        log.write("output ended: " + e.getMessage());
                    }
                });
    }

    /// pip starts children of its own.
    private static void end(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is ending: the hook runs now.
        }
    }
}
