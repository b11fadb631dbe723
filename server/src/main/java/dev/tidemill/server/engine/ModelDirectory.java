package dev.tidemill.server.engine;

import java.util.Optional;

/// Where the steps of an ensemble find their models, at every request anew.
public interface ModelDirectory {
    /// @param version -1 for the newest that is ready
    /// @return held for the caller, who must [ServedModel#leave] it
    /// @throws dev.tidemill.common.TidemillException when there is none that is ready
    ServedModel enter(String model, long version);

    /// The one that is loaded, whether or not it could answer, and held for nobody.
    ///
    /// @param version -1 for the newest
    Optional<ServedModel> glance(String model, long version);
}
