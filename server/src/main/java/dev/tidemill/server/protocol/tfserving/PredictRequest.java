package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.runtimes.spi.Tensor;
import java.util.List;

/// A request to predict, as it came.
///
/// @param signature empty for the default
/// @param form decides how the answer is written
record PredictRequest(String signature, Form form, List<Tensor> inputs) {
    /// `instances` and `predictions`, or `inputs` and `outputs`.
    enum Form {
        ROWS,
        COLUMNS
    }
}
