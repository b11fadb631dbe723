package dev.tidemill.spec.cluster;

import java.net.URI;
import java.util.Optional;

/// The Redis of an environment.
///
/// @param image of Redis, for the one that is made
public record ClusterRedis(Place place, String image) {
    /// Which one.
    public sealed interface Place {
        /// One that is there.
        ///
        /// @param user Redis's default one when empty
        /// @param secretName of a Secret with `password`; none is asked for when empty
        record Named(URI url, Optional<String> user, Optional<String> secretName)
                implements Place {}

        /// One that is made, good enough to develop with: a single pod.
        record Made(DevelopmentStore store) implements Place {}
    }
}
