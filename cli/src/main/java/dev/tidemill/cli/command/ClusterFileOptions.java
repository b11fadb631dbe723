package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.ClusterWork;
import dev.tidemill.cli.render.ClusterFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A file and the cluster that it is for.
final class ClusterFileOptions {
    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "Resource file.")
    private Path file = Path.of("");

    @Option(
            names = {"-e", "--environment"},
            paramLabel = "NAME",
            description =
                    "An Environment of the file, with its patches. Default: its only one, or none.")
    private Optional<String> environment = Optional.empty();

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    ClusterWork work() {
        return new ClusterWork(
                new ClusterFile(file, Version.RELEASE), environment, cluster.target());
    }

    /// Where relative paths of the file start.
    Path folder() {
        return Optional.ofNullable(file.toAbsolutePath().normalize().getParent())
                .orElse(Path.of("/"));
    }
}
