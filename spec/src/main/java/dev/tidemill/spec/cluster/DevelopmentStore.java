package dev.tidemill.spec.cluster;

import dev.tidemill.spec.ModelResources;

/// A database of one pod.
///
/// @param keeps whether its volume outlives it
public record DevelopmentStore(
        StoreVolume volume, boolean keeps, ModelResources resources, PodSettings pod) {}
