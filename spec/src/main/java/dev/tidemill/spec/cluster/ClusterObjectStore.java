package dev.tidemill.spec.cluster;

import java.net.URI;
import java.util.Optional;

/// A bucket of S3, or of another server of its protocol.
///
/// @param prefix of all keys; empty for none
/// @param endpoint of a server that is not AWS's
/// @param pathStyle whether the bucket is in the path and not in the host's name
/// @param secretName of a Secret with `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`
public record ClusterObjectStore(
        String bucket,
        String prefix,
        Optional<URI> endpoint,
        String region,
        boolean pathStyle,
        String secretName) {}
