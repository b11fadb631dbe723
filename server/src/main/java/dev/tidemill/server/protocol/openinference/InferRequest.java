package dev.tidemill.server.protocol.openinference;

import dev.tidemill.runtimes.spi.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A request as it came.
///
/// @param id echoed in the answer
/// @param outputs asked for; empty for all
/// @param binary whether all outputs are wanted behind the JSON, where none is named
/// @param usesBinary whether the request speaks the binary extension at all
/// @param priority 0 when not said
/// @param timeout in the queue; zero when not said
record InferRequest(
        Optional<String> id,
        List<Tensor> inputs,
        List<RequestedOutput> outputs,
        boolean binary,
        boolean usesBinary,
        int priority,
        Duration timeout) {
    List<String> wanted() {
        return outputs.isEmpty() ? List.of() : outputs.stream().map(RequestedOutput::name).toList();
    }
}
