package dev.tidemill.server.protocol.predict;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Answer of `POST /predict`.
///
/// @param latencyMillis from the request's arrival in the server to its answer, two decimals
record Prediction(
        String prediction,
        @JsonProperty("latency_ms") double latencyMillis,
        @JsonProperty("model_version") String modelVersion) {}
