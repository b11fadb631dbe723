package dev.tidemill.server.protocol.openinference;

import dev.tidemill.runtimes.spi.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A request as it came.
///
/// @param id echoed in the answer
/// @param outputs asked for; empty for all
/// @param binary whether outputs that say nothing themselves are wanted behind the JSON
/// @param priority 0 when not said
/// @param timeout in the queue; zero when not said
record InferRequest(
        Optional<String> id,
        List<Tensor> inputs,
        List<RequestedOutput> outputs,
        boolean binary,
        int priority,
        Duration timeout) {
    List<String> wanted() {
        return outputs.isEmpty() ? List.of() : outputs.stream().map(RequestedOutput::name).toList();
    }
}
