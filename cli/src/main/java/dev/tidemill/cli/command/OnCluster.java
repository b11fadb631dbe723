package dev.tidemill.cli.command;

import dev.tidemill.cli.render.ClusterFile;
import dev.tidemill.cluster.Cluster;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// For commands that look at this machine, or at a cluster when they are told to.
final class OnCluster {
    @Option(
            names = "--cluster",
            description = "Of a Kubernetes cluster instead of this machine's 'up'.")
    private boolean asked;

    @Option(
            names = {"-e", "--environment"},
            paramLabel = "NAME",
            description = "As --cluster, in the namespace of that Environment of the file.")
    private Optional<String> environment = Optional.empty();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description =
                    "As --cluster: the resource file with the Environment. Default with -e:"
                            + " tidemill.yaml")
    private Optional<Path> file = Optional.empty();

    @Mixin private ClusterOptions options = new ClusterOptions();

    boolean isMeant() {
        return asked || environment.isPresent() || file.isPresent() || options.isGiven();
    }

    Cluster open() {
        Optional<String> namespace = Optional.empty();
        if (environment.isPresent() || file.isPresent()) {
            namespace =
                    new ClusterFile(file.orElse(Path.of("tidemill.yaml")), Version.RELEASE)
                            .platform(environment)
                            .environment()
                            .namespace();
        }
        return Cluster.open(options.target().in(namespace));
    }
}
