package dev.tidemill.cluster;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Finds the cluster that is meant.
final class ClusterConfig {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int REQUEST_MILLIS = 30_000;

    /// From 0.1 s on, each wait twice the one before: some three seconds.
    private static final int RETRIES = 5;

    private ClusterConfig() {}

    static Cluster open(ClusterTarget target) {
        Config config =
                target.kubeconfig()
                        .map(file -> read(file, target.context()))
                        .orElseGet(() -> Config.autoConfigure(target.context().orElse(null)));
        check(config, target);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setRequestTimeout(REQUEST_MILLIS);
        config.setRequestRetryBackoffLimit(RETRIES);
        KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        return new Cluster(
                client,
                target.namespace()
                        .or(() -> Optional.ofNullable(config.getNamespace()))
                        .filter(name -> !name.isEmpty())
                        .orElse("default"));
    }

    private static Config read(Path file, Optional<String> context) {
        if (!Files.isReadable(file)) {
            throw Cluster.unknown(
                    "--kubeconfig: '%s' (expected: a kubeconfig file that can be read)"
                            .formatted(file));
        }
        try {
            return Config.fromKubeconfig(context.orElse(null), file.toFile());
        } catch (KubernetesClientException e) {
            throw Cluster.unknown(
                    "--kubeconfig: '%s' (expected: a kubeconfig file: %s)"
                            .formatted(file, e.getMessage()));
        }
    }

    /// What is not configured would be looked for at a name that only pods know.
    private static void check(Config config, ClusterTarget target) {
        List<NamedContext> all = config.getContexts() == null ? List.of() : config.getContexts();
        Optional<String> asked = target.context();
        if (asked.isPresent() && all.stream().noneMatch(c -> c.getName().equals(asked.get()))) {
            throw Cluster.unknown(
                    "--context: '%s' (expected: %s)"
                            .formatted(
                                    asked.get(),
                                    all.isEmpty()
                                            ? "a context of a kubeconfig; none was found"
                                            : all.stream()
                                                    .map(NamedContext::getName)
                                                    .collect(
                                                            Collectors.joining(
                                                                    ", ", "one of ", ""))));
        }
        boolean inPod = System.getenv("KUBERNETES_SERVICE_HOST") != null;
        if (all.isEmpty() && !inPod) {
            throw Cluster.unknown(
                    "cluster: 'none' (expected: KUBECONFIG, or ~/.kube/config, which names one;"
                            + " kind and k3s write it)");
        }
    }
}
