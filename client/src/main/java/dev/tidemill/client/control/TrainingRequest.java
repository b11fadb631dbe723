package dev.tidemill.client.control;

/// Body of `POST /api/v1/trainings`.
///
/// @param document the `Training` as YAML, one document
/// @param baseDirectory absolute folder that its relative paths start from
public record TrainingRequest(String document, String baseDirectory) {}
