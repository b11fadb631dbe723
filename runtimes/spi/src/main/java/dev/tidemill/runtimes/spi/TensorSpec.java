package dev.tidemill.runtimes.spi;

import java.util.List;

/// What a model takes or gives under one name.
///
/// @param shape sizes per dimension; -1 where any size goes
public record TensorSpec(String name, DataType type, List<Long> shape) {
    public TensorSpec {
        shape = List.copyOf(shape);
    }
}
