package dev.tidemill.client.control;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A model's name with its versions, newest first, and its aliases.
public record RegisteredModel(
        String name,
        String description,
        Instant created,
        Map<String, Integer> aliases,
        List<ModelVersion> versions) {
    public RegisteredModel {
        aliases = Map.copyOf(aliases);
        versions = List.copyOf(versions);
    }
}
