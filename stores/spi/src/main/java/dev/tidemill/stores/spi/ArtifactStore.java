package dev.tidemill.stores.spi;

import dev.tidemill.common.Digest;
import java.nio.file.Path;

/// Keeps folders of files by the digest of their content. What was stored never changes.
public interface ArtifactStore {
    /// Stores a copy of every regular file under `folder`. Storing the same content again is free
    /// and gives the same digest. A crash at any point leaves either the whole artifact or none.
    ///
    /// @throws dev.tidemill.common.TidemillException `NO_SPACE` when it does not fit
    Digest put(Path folder);

    /// A local folder with the artifact's files, verified against the digest. Callers must not
    /// change it.
    ///
    /// @throws dev.tidemill.common.TidemillException `NOT_FOUND`, or `CORRUPT_ARTIFACT` when a file
    ///   was changed, lost or added
    Path open(Digest digest);

    /// Where [#open] would find it, without looking: for showing, and for handing to a process that
    /// verifies by itself.
    Path locate(Digest digest);
}
