package dev.tidemill.server.modelconfig;

import java.util.List;

/// Which of the versions in a model's folder are served.
public sealed interface VersionPolicy {
    /// The newest ones.
    ///
    /// @param count at least 1
    record Latest(int count) implements VersionPolicy {
        public Latest {
            if (count < 1) {
                throw new IllegalArgumentException(
                        "version_policy.latest.num_versions: '%d' (expected: >= 1)"
                                .formatted(count));
            }
        }
    }

    record All() implements VersionPolicy {}

    /// Just these, whether newer ones exist or not.
    record Specific(List<Long> versions) implements VersionPolicy {
        public Specific {
            versions = List.copyOf(versions);
        }
    }
}
