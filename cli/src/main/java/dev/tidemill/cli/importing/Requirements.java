package dev.tidemill.cli.importing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The packages that convert one model, and the Pythons that they exist for.
///
/// @param lines as pip reads them
/// @param why a few words when the file decided something, else empty
record Requirements(List<String> lines, PythonRange pythons, String why) {
    private static final Pattern VERSION =
            Pattern.compile("(\\d{1,4})\\.(\\d{1,4})([.0-9a-z]{0,20})");

    /// Releases before these were built against NumPy 1 and fail with 2.
    private static final int LAST_WITH_NUMPY_1 = 3;

    Requirements {
        lines = List.copyOf(lines);
    }

    /// @param pinned lines of the kind's file
    static Requirements choose(ModelKind kind, Inspection inspection, List<String> pinned) {
        if (kind != ModelKind.SKLEARN || inspection.version().isEmpty()) {
            return new Requirements(pinned, kind.pythons(), "");
        }
        Matcher version = VERSION.matcher(inspection.version());
        if (!version.matches()) {
            return new Requirements(pinned, kind.pythons(), "");
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        if (major < 1 || (major == 1 && minor < 1)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "file: 'written by scikit-learn %s' (expected: 1.1 or newer, the oldest that the converter knows; fit and save it with a newer one)"
                            .formatted(inspection.version()));
        }
        return new Requirements(
                writtenBy(inspection.version(), major == 1 && minor <= LAST_WITH_NUMPY_1, pinned),
                pythons(major, minor),
                "written by scikit-learn " + inspection.version());
    }

    private static List<String> writtenBy(String version, boolean numpy1, List<String> pinned) {
        List<String> lines = new ArrayList<>();
        for (String line : pinned) {
            boolean replaced =
                    line.startsWith("scikit-learn==")
                            || line.startsWith("numpy==")
                            || (numpy1 && line.startsWith("pandas=="));
            if (!replaced) {
                lines.add(line);
            }
        }
        lines.add("scikit-learn==" + version);
        // The rest is what its own release asked for; only the old ones asked for too little.
        if (numpy1) {
            lines.add("numpy==1.26.4");
            lines.add("scipy<1.13");
            lines.add("pandas==2.2.3");
        }
        return lines;
    }

    /// Which Pythons a release of scikit-learn has wheels for.
    private static PythonRange pythons(int major, int minor) {
        if (major > 1) {
            return new PythonRange(11, 13);
        }
        return switch (minor) {
            case 1, 2 -> new PythonRange(9, 11);
            case 3, 4 -> new PythonRange(9, 12);
            case 5, 6 -> new PythonRange(9, 13);
            case 7 -> new PythonRange(10, 13);
            default -> new PythonRange(11, 13);
        };
    }

    /// The pinned lines that come with this distribution.
    static List<String> pinned(ModelKind kind) {
        String name = "requirements-%s.txt".formatted(kind.environment());
        try (InputStream file =
                Objects.requireNonNull(Requirements.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
