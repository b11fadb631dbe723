package dev.tidemill.server.engine;

import dev.tidemill.runtimes.spi.Tensor;
import java.time.Duration;
import java.util.List;

/// One request to a model, whatever its protocol.
///
/// @param inputs of any order
/// @param wanted names of outputs, each once; empty for all
/// @param priority 1 is the most urgent; 0 for the model's default
/// @param queueTimeout how long it may wait to be run; zero for what the model's policy says
/// @param deadline on the server's monotonic clock, in ns; [#NO_DEADLINE] when there is none
public record InferenceCall(
        List<Tensor> inputs,
        List<String> wanted,
        int priority,
        Duration queueTimeout,
        long deadline) {
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /// When the client of the request that this thread answers stops waiting; unbound for never.
    public static final ScopedValue<Long> DEADLINE = ScopedValue.newInstance();

    /// The nearer of its own and the client's.
    long nearest() {
        return DEADLINE.isBound() ? Math.min(deadline, DEADLINE.get()) : deadline;
    }

    /// With nothing special about it.
    public static InferenceCall of(List<Tensor> inputs, List<String> wanted) {
        return new InferenceCall(inputs, wanted, 0, Duration.ZERO, NO_DEADLINE);
    }
}
