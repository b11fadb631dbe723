package dev.tidemill.client.control;

/// A data set that control keeps.
///
/// @param digest `sha256:...`
public record StoredData(String digest, long bytes) {}
