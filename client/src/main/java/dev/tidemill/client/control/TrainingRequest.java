package dev.tidemill.client.control;

import java.util.Optional;

/// Body of `POST /api/v1/trainings`.
///
/// @param document the `Training` as YAML, one document
/// @param baseDirectory absolute folder that its relative paths start from, on the server's disk
/// @param data digest of the data set where it was sent with [ControlClient#putData], which then
///   takes the place of the file
/// @param result what a program of one's own made, where that is the trainer
public record TrainingRequest(
        String document,
        String baseDirectory,
        Optional<String> data,
        Optional<ProgramResult> result) {
    public TrainingRequest(String document, String baseDirectory) {
        this(document, baseDirectory, Optional.empty(), Optional.empty());
    }

    public TrainingRequest(String document, String baseDirectory, Optional<String> data) {
        this(document, baseDirectory, data, Optional.empty());
    }
}
