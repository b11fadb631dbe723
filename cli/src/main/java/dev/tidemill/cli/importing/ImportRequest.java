package dev.tidemill.cli.importing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What somebody wants imported, as they said it.
///
/// @param source file or folder
/// @param kind what it is, when they said so
/// @param inputs shapes and types in the order of the model's arguments
/// @param sample an .npz file with arrays by input name
/// @param fixedBatch rows of every run; 0 where any number goes
/// @param trust whether code in the source may run
/// @param tolerance largest difference, absolute for values below 1 and relative above
/// @param seed of the made-up inputs
/// @param venv their own virtual environment
/// @param python the program to make one with
/// @param signature of a SavedModel; empty for its usual one
/// @param limit for each of: installing, converting
public record ImportRequest(
        Path source,
        Optional<ModelKind> kind,
        List<InputOption> inputs,
        Optional<Path> sample,
        int fixedBatch,
        boolean trust,
        double tolerance,
        long seed,
        Optional<Path> venv,
        Optional<String> python,
        String signature,
        Duration limit) {
    public ImportRequest {
        inputs = List.copyOf(inputs);
    }
}
