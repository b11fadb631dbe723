package dev.tidemill.cli.registry;

/// A version that was brought here.
///
/// @param model as it was asked for
/// @param digest of its folder, `sha256:...`
record PulledVersion(String registry, String model, int version, String digest) {}
