package dev.tidemill.spec;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// What a training that passed its gates adds to the registry: the next version of a model.
///
/// @param alias moved to that version, when given
/// @param description of the version; empty when not given
public record Registers(String model, Optional<String> alias, String description) {
    /// How a `source` may name what this adds.
    Set<Source.Registry> promised() {
        Set<Source.Registry> sources = new HashSet<>();
        sources.add(new Source.Registry(model, new Selector.Latest()));
        alias.ifPresent(name -> sources.add(new Source.Registry(model, new Selector.Alias(name))));
        return sources;
    }
}
