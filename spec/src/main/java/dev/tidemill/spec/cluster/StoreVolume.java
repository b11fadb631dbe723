package dev.tidemill.spec.cluster;

import dev.tidemill.common.ByteSize;
import java.util.Optional;

/// A volume that is claimed for a store.
///
/// @param storageClassName that of the environment when empty
public record StoreVolume(ByteSize size, Optional<String> storageClassName) {}
