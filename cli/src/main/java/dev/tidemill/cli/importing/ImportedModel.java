package dev.tidemill.cli.importing;

import java.nio.file.Path;
import java.util.List;

/// A model that was converted and agrees with its original.
///
/// @param file its ONNX file
/// @param description where it comes from and what converted it, for the registry
/// @param labels class names; empty when unknown or no classifier
/// @param scores output with a score a class; empty when none, or when the model gives labels
///   itself
public record ImportedModel(Path file, String description, List<String> labels, String scores) {
    public ImportedModel {
        labels = List.copyOf(labels);
    }
}
