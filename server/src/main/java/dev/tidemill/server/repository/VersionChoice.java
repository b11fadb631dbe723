package dev.tidemill.server.repository;

import dev.tidemill.server.modelconfig.VersionPolicy;
import java.util.List;

/// Which versions of those that are there are to be served.
final class VersionChoice {
    private VersionChoice() {}

    /// @param versions newest first
    /// @return newest first
    static List<VersionFiles> of(VersionPolicy policy, List<VersionFiles> versions) {
        return switch (policy) {
            case VersionPolicy.Latest(int count) -> versions.stream().limit(count).toList();
            case VersionPolicy.All _ -> versions;
            case VersionPolicy.Specific(var wanted) ->
                    versions.stream()
                            .filter(files ->
                                    wanted.stream()
                                            .anyMatch(version ->
                                                    version.toString().equals(files.version())))
                            .toList();
        };
    }
}
