package dev.tidemill.cli.importing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A virtual environment that the user keeps. It is used as it is; nothing is installed into it.
final class OwnVenv {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String QUESTION =
            "import importlib.util, sys; print('lacks', *[m for m in sys.argv[1:] if importlib.util.find_spec(m) is None])";

    private OwnVenv() {}

    /// @return its Python
    /// @throws TidemillException `INVALID_REQUEST` when it lacks a module
    static String checked(Path folder, ModelKind kind, PythonProcess processes) {
        String python = Venv.program(folder);
        if (!Files.isExecutable(Path.of(python))) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--venv: '%s' (expected: a virtual environment, with bin/python)"
                            .formatted(folder));
        }
        List<String> command = new ArrayList<>(List.of(python, "-c", QUESTION));
        command.addAll(modules(kind));
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        int code = processes.run(python, command, LIMIT, said::add);
        String answer = said.isEmpty() ? "" : said.getLast();
        if (code != 0 || !answer.startsWith("lacks")) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--venv: '%s' (expected: one whose Python runs; log: %s)"
                            .formatted(folder, processes.log()));
        }
        String missing = answer.substring("lacks".length()).strip();
        if (!missing.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--venv: '%s' (expected: one that has the modules %s; it lacks %s)"
                            .formatted(folder, String.join(", ", modules(kind)), missing));
        }
        return python;
    }

    private static List<String> modules(ModelKind kind) {
        return switch (kind) {
            case SAVED_MODEL -> List.of("tensorflow", "tf2onnx", "onnx", "onnxruntime");
            case SKLEARN -> List.of("sklearn", "skl2onnx", "joblib", "onnx", "onnxruntime");
            case TORCH -> List.of("torch", "onnx", "onnxruntime");
            case TRANSFORMERS -> List.of("torch", "transformers", "onnx", "onnxruntime");
        };
    }
}
