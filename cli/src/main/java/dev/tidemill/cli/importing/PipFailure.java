package dev.tidemill.cli.importing;

import java.util.List;
import java.util.Locale;

/// What pip's output means, in one message.
final class PipFailure {
    private static final int SHOWN = 4;

    private PipFailure() {}

    /// @param output what it printed, in order
    /// @param log where all of it is
    static String message(List<String> output, String log) {
        String all = String.join("\n", output).toLowerCase(Locale.ROOT);
        String reason;
        if (all.contains("no space left on device")) {
            reason =
                    "the disk is full (PyTorch for Linux takes up to 6 GB with its CUDA libraries)";
        } else if (unreachable(all)) {
            reason =
                    "the package index cannot be reached; pip uses its own configuration (pip config list, PIP_INDEX_URL, proxies)"
                            + "; on a machine without network pass --venv with an environment that has the packages";
        } else if (all.contains("no matching distribution found")) {
            reason = "the index has no such version for this Python" + named(output, "No matching");
        } else if (all.contains("resolutionimpossible")
                || all.contains("conflicting dependencies")) {
            reason = "the packages do not go together";
        } else if (all.contains("failed building wheel") || all.contains("failed to build")) {
            reason = "a package has no wheel for this machine and cannot be built";
        } else {
            reason = "pip failed" + lastErrors(output);
        }
        return "packages: 'not installed' (expected: pip install to work; %s; log: %s)"
                .formatted(reason, log);
    }

    private static boolean unreachable(String all) {
        return List.of(
                        "newconnectionerror",
                        "connectionerror",
                        "connecttimeout",
                        "readtimeout",
                        "read timed out",
                        "name or service not known",
                        "temporary failure in name resolution",
                        "failed to establish a new connection",
                        "max retries exceeded",
                        "proxyerror",
                        "ssl: certificate_verify_failed")
                .stream()
                .anyMatch(all::contains);
    }

    private static String named(List<String> output, String words) {
        return output.stream()
                .filter(line -> line.contains(words))
                .findFirst()
                .map(line -> ": " + Secrets.hidden(line.replaceFirst("^ERROR: ", "")))
                .orElse("");
    }

    private static String lastErrors(List<String> output) {
        List<String> errors = output.stream().filter(line -> line.contains("ERROR")).toList();
        List<String> lines = errors.isEmpty() ? output : errors;
        List<String> shown = lines.subList(Math.max(0, lines.size() - SHOWN), lines.size());
        return shown.isEmpty() ? "" : ": " + Secrets.hidden(String.join(" | ", shown));
    }
}
