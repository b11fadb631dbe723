package dev.tidemill.server;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Whose protocol `/v1/models` speaks: two servers use the same paths and mean different things.
public enum V1Flavour {
    @JsonProperty("tfserving")
    TFSERVING,
    @JsonProperty("kserve")
    KSERVE
}
