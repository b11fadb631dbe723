package dev.tidemill.server.modelconfig;

import dev.tidemill.runtimes.spi.DataType;
import java.util.List;

/// An input or output as a configuration writes it.
///
/// @param shape without the batch dimension where the model batches; -1 where any size goes
/// @param labelFile a file in the model's folder with a class name a line; empty when none
/// @param optional whether requests may leave the input out
public record TensorConfig(
        String name, DataType type, List<Long> shape, String labelFile, boolean optional) {
    public TensorConfig {
        shape = List.copyOf(shape);
    }
}
