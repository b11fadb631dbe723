package dev.tidemill.http.tls;

import static java.util.Objects.requireNonNull;

/// How a process of ours speaks TLS to the others, as its configuration has it.
///
/// @param folder with `tls.crt`, `tls.key` and `ca.crt`, absolute
/// @param healthPort of a plain listener with health and metrics, and nothing else: those who probe
///   and scrape have no certificate; 0 for any free one
public record MutualTls(String folder, int healthPort) {
    public MutualTls {
        requireNonNull(folder, "mtls.folder");
        if (healthPort < 0 || healthPort > 65_535) {
            throw new IllegalArgumentException(
                    "mtls.healthPort: '%d' (expected: 0 to 65535)".formatted(healthPort));
        }
    }
}
