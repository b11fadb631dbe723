package dev.tidemill.cli.importing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// The Python files of this package, put into a folder, and how they are spoken to.
final class ConverterScript {
    static final String MAIN = "convert.py";

    private static final List<String> FILES =
            List.of(
                    MAIN,
                    "check.py",
                    "columns.py",
                    "converted.py",
                    "from_saved_model.py",
                    "from_sklearn.py",
                    "from_torch.py",
                    "from_transformers.py",
                    "sniff.py",
                    "torch_export.py");

    private final Path main;
    private final PythonProcess processes;

    /// @param main the script that is started
    ConverterScript(Path main, PythonProcess processes) {
        this.main = main;
        this.processes = processes;
    }

    static ConverterScript unpacked(Path folder, PythonProcess processes) throws IOException {
        Files.createDirectories(folder);
        for (String name : FILES) {
            try (InputStream file =
                    Objects.requireNonNull(ConverterScript.class.getResourceAsStream(name), name)) {
                Files.write(folder.resolve(name), file.readAllBytes());
            }
        }
        return new ConverterScript(folder.resolve(MAIN), processes);
    }

    /// Runs it to its end.
    ///
    /// @param what it does, for messages
    /// @param listener gets all events but the last
    /// @throws TidemillException `INVALID_REQUEST` with the script's words when it refuses,
    ///   `MODEL_FAILED` when it ends without a result
    ScriptEvent.Result run(
            String what,
            String python,
            List<String> arguments,
            Duration limit,
            Consumer<ScriptEvent> listener) {
        List<String> command = new ArrayList<>(List.of(python, main.toString()));
        command.addAll(arguments);
        List<ScriptEvent> last = Collections.synchronizedList(new ArrayList<>());
        int code =
                processes.run(
                        what,
                        command,
                        limit,
                        line ->
                                ScriptEvent.parse(line)
                                        .ifPresent(event -> take(event, last, listener)));
        if (last.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "%s: 'ended with code %d and no result' (expected: a result; %s; log: %s)"
                            .formatted(what, code, hint(code), processes.log()));
        }
        return switch (last.getLast()) {
            case ScriptEvent.Result result -> result;
            case ScriptEvent.Refused refused -> throw refused(refused);
            case ScriptEvent.Step _, ScriptEvent.Note _, ScriptEvent.Compared _ ->
                    throw new IllegalStateException("only endings are kept");
        };
    }

    private static void take(
            ScriptEvent event, List<ScriptEvent> last, Consumer<ScriptEvent> listener) {
        switch (event) {
            case ScriptEvent.Result _, ScriptEvent.Refused _ -> last.add(event);
            case ScriptEvent.Step _, ScriptEvent.Note _, ScriptEvent.Compared _ ->
                    listener.accept(event);
        }
    }

    private static String hint(int code) {
        return code == 137 || code == 9 ? "killed, usually for memory" : "the log says why";
    }

    private TidemillException refused(ScriptEvent.Refused refused) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "cannot be converted: %s%s%n  log: %s"
                        .formatted(
                                refused.what(),
                                refused.todo().isEmpty()
                                        ? ""
                                        : "%n  what to do: ".formatted() + refused.todo(),
                                processes.log()));
    }
}
