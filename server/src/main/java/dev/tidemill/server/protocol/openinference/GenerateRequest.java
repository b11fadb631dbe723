package dev.tidemill.server.protocol.openinference;

import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.InferenceCall;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request of Triton's generate extension.
///
/// @param id echoed in the answer
/// @param parameters everything that names no input
record GenerateRequest(Optional<String> id, List<Tensor> inputs, Map<String, Object> parameters) {
    GenerateRequest {
        inputs = List.copyOf(inputs);
        parameters = Map.copyOf(parameters);
    }

    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` for a `priority` or
    ///   `timeout` that is no number
    InferenceCall call() {
        Parameters said = new Parameters("parameters", parameters);
        return new InferenceCall(
                inputs, List.of(), said.priority(), said.timeout(), InferenceCall.NO_DEADLINE);
    }
}
