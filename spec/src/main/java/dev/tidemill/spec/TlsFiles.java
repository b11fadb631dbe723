package dev.tidemill.spec;

/// Where a listener's certificate is; relative paths are to the folder of the resource file.
///
/// @param certificate PEM, with those that vouch for it
/// @param key PEM, without a password
public record TlsFiles(String certificate, String key) {}
