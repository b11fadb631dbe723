package dev.tidemill.spec.yaml;

/// One key in the reference.
///
/// @param path such as `spec.gates[].metric`
/// @param type what is accepted, with unit and range
/// @param absent what holds when it is not given
public record ReferenceRow(String path, String type, String absent, String meaning) {}
