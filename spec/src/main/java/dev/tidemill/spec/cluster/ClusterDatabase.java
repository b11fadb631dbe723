package dev.tidemill.spec.cluster;

import java.net.URI;
import java.util.Optional;

/// The PostgreSQL of an environment.
///
/// @param image of PostgreSQL, for the one that is made and for backups
/// @param backup none when empty
public record ClusterDatabase(Place place, String image, Optional<Backup> backup) {
    /// Which one.
    public sealed interface Place {
        /// One that is there.
        ///
        /// @param url `postgresql://HOST:PORT/DATABASE`, perhaps with `?sslmode=`
        /// @param secretName of a Secret with `username` and `password`
        record Named(URI url, String secretName) implements Place {}

        /// One that is made, good enough to develop with: a single pod.
        record Made(DevelopmentStore store) implements Place {}
    }

    /// @param schedule five fields, as `cron` has them
    /// @param timeZone of the schedule
    /// @param keep how many
    /// @param volume that they are kept on
    public record Backup(String schedule, String timeZone, int keep, StoreVolume volume) {}
}
