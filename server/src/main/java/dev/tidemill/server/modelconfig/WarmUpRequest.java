package dev.tidemill.server.modelconfig;

import dev.tidemill.runtimes.spi.DataType;
import java.util.List;
import java.util.Map;

/// A made-up request to run before a version is ready.
///
/// @param batchSize rows; 0 for models that do not batch
/// @param count how often it runs
public record WarmUpRequest(String name, int batchSize, int count, Map<String, Input> inputs) {
    public WarmUpRequest {
        inputs = Map.copyOf(inputs);
    }

    /// @param dataFile in the model's `warmup` folder; empty unless [Fill#FILE]
    public record Input(DataType type, List<Long> shape, Fill fill, String dataFile) {
        public Input {
            shape = List.copyOf(shape);
        }
    }

    /// Where the elements come from.
    public enum Fill {
        ZERO,
        RANDOM,
        FILE
    }
}
