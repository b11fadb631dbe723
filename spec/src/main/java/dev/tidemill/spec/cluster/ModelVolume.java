package dev.tidemill.spec.cluster;

import java.util.Optional;

/// A volume with a folder of models, `NAME/VERSION/files`, which servers read instead of asking the
/// registry.
///
/// @param claimName of a PersistentVolumeClaim
/// @param path of the folder in the volume; its root when empty
public record ModelVolume(String claimName, Optional<String> path) {}
