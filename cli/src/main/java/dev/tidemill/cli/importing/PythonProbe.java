package dev.tidemill.cli.importing;

import java.util.Optional;

/// What came of trying one Python.
///
/// @param program its path
/// @param version empty when it cannot be used
/// @param problem why not
record PythonProbe(String program, Optional<PythonVersion> version, String problem) {
    static PythonProbe usable(String program, PythonVersion version) {
        return new PythonProbe(program, Optional.of(version), "");
    }

    static PythonProbe useless(String program, String problem) {
        return new PythonProbe(program, Optional.empty(), problem);
    }
}
