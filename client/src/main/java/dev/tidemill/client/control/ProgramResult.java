package dev.tidemill.client.control;

import java.util.Map;

/// What a training's own program made.
///
/// @param model digest of the ONNX file, which was sent with [ControlClient#putData] and is gone
///   from there once it is registered
/// @param manifest what is written beside the file in every version, as JSON; empty for what the
///   file says of itself
/// @param metrics by name, whatever the program measured
/// @param dataset digest of the data set; empty for a folder
public record ProgramResult(
        String model, String manifest, Map<String, Double> metrics, String dataset) {
    public ProgramResult {
        metrics = Map.copyOf(metrics);
    }
}
