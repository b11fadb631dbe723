package dev.tidemill.operator.act;

import java.util.Map;
import java.util.function.Supplier;

/// One of our objects as the API server has it.
///
/// @param version its `resourceVersion`
/// @param owner as it was noted when it was applied, such as `Model/digits`
/// @param digest as it was noted
/// @param tree read only where it is needed
public record Observed(
        ObjectKey key,
        String version,
        String owner,
        String digest,
        Supplier<Map<String, Object>> tree) {}
