package dev.tidemill.server.repository;

import dev.tidemill.server.modelconfig.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a model's versions are loaded with although it lies beside their folders: class names, and
/// the data of warm-up requests.
///
/// @param stamp equal as long as nothing of it changes; empty when there is none
record FilesBeside(String stamp) {
    /// @param root real path that no link may lead out of
    static FilesBeside of(ModelConfig config, Path folder, Path root) {
        StringBuilder stamp = new StringBuilder();
        config.outputs().stream()
                .filter(output -> !output.labelFile().isEmpty())
                .map(output -> folder.resolve(output.labelFile()))
                .distinct()
                .forEach(file -> stamp.append('\n').append(ofFile(file, root)));
        Path data = folder.resolve("warmup");
        if (!config.warmUp().isEmpty() && Files.isDirectory(data)) {
            stamp.append('\n').append(ofFolder(data, root));
        }
        return new FilesBeside(stamp.toString());
    }

    /// Versions that change with it.
    List<VersionFiles> stamped(List<VersionFiles> versions) {
        return stamp.isEmpty()
                ? versions
                : versions.stream()
                        .map(files ->
                                new VersionFiles(
                                        files.version(),
                                        files.folder(),
                                        files.file(),
                                        files.digest(),
                                        files.stamp() + stamp,
                                        files.problem()))
                        .toList();
    }

    /// What is wrong with it, loading will say.
    private static String ofFile(Path file, Path root) {
        try {
            return FileTree.stampOfFile(file, root);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String ofFolder(Path folder, Path root) {
        try {
            return FileTree.stamp(folder, root);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
