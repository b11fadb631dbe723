package dev.tidemill.client.control;

import java.util.List;

/// The files of an artifact.
public record ArtifactFiles(List<Entry> files) {
    public ArtifactFiles {
        files = List.copyOf(files);
    }

    /// One of them.
    ///
    /// @param path below the artifact's folder, with `/` between names
    public record Entry(String path, long bytes) {}
}
