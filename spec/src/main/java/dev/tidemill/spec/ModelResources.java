package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import java.util.Optional;

/// What one replica may use; what is not given is not limited.
///
/// @param cpu cores, such as 0.5
public record ModelResources(Optional<Double> cpu, Optional<ByteSize> memory) {}
