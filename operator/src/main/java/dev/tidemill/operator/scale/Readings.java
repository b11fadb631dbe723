package dev.tidemill.operator.scale;

import java.util.Collection;

/// What the leading operator measured last, for those that ask from outside.
public interface Readings {
    /// Of a namespace's pools; empty where nothing is measured, or not by this process.
    Collection<PoolReading> of(String namespace);

    /// Of all namespaces.
    Collection<PoolReading> all();
}
