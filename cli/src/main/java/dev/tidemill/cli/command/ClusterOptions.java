package dev.tidemill.cli.command;

import dev.tidemill.cluster.ClusterTarget;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which cluster, for every command that works on one.
final class ClusterOptions {
    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Default: $$KUBECONFIG, or ~/.kube/config.")
    private Optional<Path> kubeconfig = Optional.empty();

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Of the kubeconfig. Default: its current one.")
    private Optional<String> context = Optional.empty();

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "Default: the Environment's, else the context's.")
    private Optional<String> namespace = Optional.empty();

    ClusterTarget target() {
        return new ClusterTarget(kubeconfig, context, namespace);
    }

    /// Whether any of them was given.
    boolean isGiven() {
        return kubeconfig.isPresent() || context.isPresent() || namespace.isPresent();
    }
}
