package dev.tidemill.spec;

/// What runs a model.
public enum RuntimeKind {
    /// ONNX Runtime, inside the model server.
    ONNX
}
