package dev.tidemill.operator.plan;

import java.util.Map;

/// A custom resource as it was written.
///
/// @param uid by which objects are owned
/// @param generation of the spec
/// @param spec texts, numbers, booleans, lists and mappings
public record Declared(Owner owner, String uid, long generation, Map<String, Object> spec) {}
