package dev.tidemill.server;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Whose protocol `/v1/models` speaks: two servers use the same paths and mean different things.
public enum V1Flavour {
    @JsonProperty("tfserving")
    TFSERVING,
    @JsonProperty("kserve")
    KSERVE;

    /// @param name lower case
    /// @throws IllegalArgumentException for other names
    public static V1Flavour named(String name) {
        return switch (name) {
            case "tfserving" -> TFSERVING;
            case "kserve" -> KSERVE;
            default ->
                    throw new IllegalArgumentException(
                            "v1Flavour: '%s' (expected: tfserving or kserve)".formatted(name));
        };
    }
}
