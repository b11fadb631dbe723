package dev.tidemill.client.control;

/// Body and answer of `PUT /api/v1/models/{name}/aliases/{alias}`.
public record Alias(int version) {}
