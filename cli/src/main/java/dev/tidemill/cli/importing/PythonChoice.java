package dev.tidemill.cli.importing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.List;
import java.util.stream.Collectors;

/// Picks a Python among those that were tried.
final class PythonChoice {
    private PythonChoice() {}

    /// The first in the order of preference that is in the range.
    ///
    /// @param reason who needs that range, for the message
    /// @throws TidemillException `UNAVAILABLE`, with what was tried, when none is
    static PythonProbe pick(List<PythonProbe> probes, PythonRange range, String reason) {
        return probes.stream()
                .filter(probe -> probe.version().filter(range::contains).isPresent())
                .findFirst()
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.UNAVAILABLE,
                                "python: 'none usable' (expected: Python %s for %s; name one with --python or TIDEMILL_PYTHON)%s"
                                        .formatted(range, reason, tried(probes))));
    }

    private static String tried(List<PythonProbe> probes) {
        if (probes.isEmpty()) {
            return "\n  tried: nothing named python3 is on the PATH";
        }
        return probes.stream()
                .map(probe ->
                        "\n  tried %s: %s"
                                .formatted(
                                        probe.program(),
                                        probe.version()
                                                .map(version -> "Python " + version)
                                                .orElse(probe.problem())))
                .collect(Collectors.joining());
    }
}
