package dev.tidemill.spec;

import java.util.Map;

/// Where a resource was written.
///
/// @param file as the caller named it
/// @param line of the document's first key, from 1
/// @param lines line of every key that was given, by its path such as `spec.scaling.min` or
///   `spec.listeners[0].port`
public record Place(String file, int line, Map<String, Integer> lines) {
    public Place {
        lines = Map.copyOf(lines);
    }

    public Place(String file, int line) {
        this(file, line, Map.of());
    }

    /// `FILE:LINE` of that key, or of the document when the key was not given.
    public String of(String path) {
        return file + ":" + lines.getOrDefault(path, line);
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
