package dev.tidemill.spec.cluster;

import java.util.Optional;

/// Lets pods run on nodes with a taint, as Kubernetes does.
///
/// @param key every taint when empty
/// @param operator `Exists` or `Equal`
/// @param effect every effect when empty
/// @param seconds how long a pod stays once the taint came; for ever when empty
public record Toleration(
        Optional<String> key,
        String operator,
        Optional<String> value,
        Optional<String> effect,
        Optional<Integer> seconds) {}
