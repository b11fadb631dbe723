package dev.tidemill.cli.importing;

import java.util.Optional;

/// What a listing was taken for.
///
/// @param main the file or sub-folder that holds the model, relative to the folder; empty for the
///   folder itself
/// @param why in a few words, for the user
/// @param runsCode why loading it runs code of whoever wrote it, when it does
record Detected(ModelKind kind, String main, String why, Optional<String> runsCode) {
    Detected(ModelKind kind, String main, String why) {
        this(kind, main, why, Optional.empty());
    }

    Detected runningCode(String reason) {
        return new Detected(kind, main, why, Optional.of(reason));
    }
}
