package dev.tidemill.control;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.s3.S3Address;
import dev.tidemill.stores.s3.S3ArtifactStore;
import dev.tidemill.stores.s3.S3Credentials;
import dev.tidemill.stores.spi.ArtifactStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// A bucket for artifacts.
///
/// @param endpoint of a server that is not AWS's
/// @param pathStyle whether the bucket is in the path and not in the host's name
/// @param credentials absolute folder with the files `AWS_ACCESS_KEY_ID` and
///   `AWS_SECRET_ACCESS_KEY`, as a mounted Secret has them
record ObjectStoreConfig(
        String bucket,
        String prefix,
        Optional<String> endpoint,
        String region,
        boolean pathStyle,
        String credentials) {
    /// @param near where artifacts are on this machine
    /// @throws TidemillException `INVALID_REQUEST` when the address is none, or a file is missing
    S3ArtifactStore store(ArtifactStore near, Path scratch, InstantSource clock) {
        Path folder = Path.of(credentials);
        // Found missing now, not with the first model.
        var _ = S3Credentials.in(folder);
        try {
            return new S3ArtifactStore(
                    new S3Address(bucket, prefix, endpoint.map(URI::create), region, pathStyle),
                    () -> S3Credentials.in(folder),
                    clock,
                    near,
                    scratch);
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, "objectStore." + e.getMessage(), e);
        }
    }
}
