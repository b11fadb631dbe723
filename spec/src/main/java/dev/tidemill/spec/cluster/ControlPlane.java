package dev.tidemill.spec.cluster;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.ModelResources;

/// The control process of an environment.
///
/// @param storage of its volume: artifacts, and its own PostgreSQL where no other is named
public record ControlPlane(ByteSize storage, ModelResources resources, PodSettings pod) {
    public static final ControlPlane DEFAULT =
            new ControlPlane(ByteSize.parse("10Gi"), ModelResources.NONE, PodSettings.NONE);
}
