package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import java.util.Optional;

/// What one replica may use; what is not given is not limited.
///
/// @param cpu cores, such as 0.5
/// @param gpus that it has for itself on a cluster; none when empty
public record ModelResources(
        Optional<Double> cpu, Optional<ByteSize> memory, Optional<Integer> gpus) {
    public static final ModelResources NONE =
            new ModelResources(Optional.empty(), Optional.empty());

    /// Without a GPU.
    public ModelResources(Optional<Double> cpu, Optional<ByteSize> memory) {
        this(cpu, memory, Optional.empty());
    }
}
