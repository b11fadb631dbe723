package dev.tidemill.cli.up;

/// A model version as the registry resolved it.
///
/// @param path folder of the artifact
record ServedModel(String name, int version, String digest, String path) {}
