package dev.tidemill.server.repository;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ResourceName;
import java.nio.file.Path;

/// One model version that the server is told to serve.
///
/// @param name as clients ask for it
/// @param version of the registry
/// @param digest of the artifact folder
/// @param path absolute artifact folder
public record ModelSource(String name, String version, String digest, String path) {
    public ModelSource {
        if (!ResourceName.isValid(name)) {
            throw new IllegalArgumentException(
                    "models.name: '%s' (expected: %s)".formatted(name, ResourceName.EXPECTED));
        }
        if (version.isBlank()) {
            throw new IllegalArgumentException(
                    "models.version: '%s' (expected: a version)".formatted(version));
        }
        new Digest(digest);
        if (!Path.of(path).isAbsolute()) {
            throw new IllegalArgumentException(
                    "models.path: '%s' (expected: an absolute path)".formatted(path));
        }
    }
}
