package dev.tidemill.spec;

import java.util.Set;

/// What the model registry holds, as the caller found it.
public interface RegistryFacts {
    /// Names of all registered models.
    Set<String> models();

    boolean hasAlias(String model, String alias);

    boolean hasVersion(String model, int version);

    /// A registry that holds nothing: there is no data folder yet.
    static RegistryFacts empty() {
        return new RegistryFacts() {
            @Override
            public Set<String> models() {
                return Set.of();
            }

            @Override
            public boolean hasAlias(String model, String alias) {
                return false;
            }

            @Override
            public boolean hasVersion(String model, int version) {
                return false;
            }
        };
    }
}
