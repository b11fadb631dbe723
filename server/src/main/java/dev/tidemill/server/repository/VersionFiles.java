package dev.tidemill.server.repository;

import java.nio.file.Path;
import java.util.Comparator;

/// A version as it lies on the disk.
///
/// @param version as clients name it
/// @param folder with the model's file, and `model.json` where it has one
/// @param file the model's file below the folder, when no `model.json` says otherwise
/// @param digest of the folder, to be checked; empty when none is known
/// @param stamp equal as long as the files are unchanged
/// @param problem why it cannot be loaded; empty when nothing speaks against it
record VersionFiles(
        String version, Path folder, String file, String digest, String stamp, String problem) {
    /// By number where both are, otherwise by text.
    static final Comparator<String> NEWEST_FIRST =
            Comparator.comparingInt(VersionFiles::digits)
                    .thenComparing(Comparator.naturalOrder())
                    .reversed();

    /// Numbers of our form have no leading zeros: the longer is the larger.
    private static int digits(String version) {
        return version.matches("[0-9]+") ? version.length() : 0;
    }
}
