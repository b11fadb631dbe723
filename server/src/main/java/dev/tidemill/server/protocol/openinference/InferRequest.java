package dev.tidemill.server.protocol.openinference;

import dev.tidemill.runtimes.spi.Tensor;
import java.util.List;
import java.util.Optional;

/// A request as it came.
///
/// @param id echoed in the answer
/// @param outputs names asked for; empty for all
record InferRequest(Optional<String> id, List<Tensor> inputs, List<String> outputs) {}
