package dev.tidemill.control.training;

import java.util.List;
import java.util.function.Function;

/// A trained model: the ONNX file that will be served, and the library's own predictions to compare
/// it with.
///
/// @param onnx bytes of the model file
/// @param classes class names by output column
/// @param own class probabilities of one row by the training library, in the order of `classes`
@SuppressWarnings("ArrayRecordComponent") // never compared
record Fitted(byte[] onnx, List<String> classes, Function<float[], double[]> own) {
    /// Names that every exported model has.
    static final String INPUT = "input";

    static final String OUTPUT = "output";

    Fitted {
        classes = List.copyOf(classes);
    }
}
