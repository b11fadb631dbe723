package dev.tidemill.operator.scale;

import java.util.Optional;

/// Where decisions are kept in a namespace: a text for each pool.
public interface DecisionShelf {
    /// Keeps nothing.
    DecisionShelf NONE =
            new DecisionShelf() {
                @Override
                public Optional<String> get(String namespace, String pool) {
                    return Optional.empty();
                }

                @Override
                public void put(String namespace, String pool, String decisions) {}
            };

    /// @return empty when there is none
    /// @throws RuntimeException when the API server refuses or is silent
    Optional<String> get(String namespace, String pool);

    /// @throws RuntimeException when the API server refuses or is silent
    void put(String namespace, String pool, String decisions);
}
