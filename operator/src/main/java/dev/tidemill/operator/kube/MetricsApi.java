package dev.tidemill.operator.kube;

import dev.tidemill.autoscale.PodMetricsSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Reads `metrics.k8s.io` with the operator's own client: its trust, its token, its limits of time.
record MetricsApi(KubernetesClient client) implements PodMetricsSource.Api {
    @Override
    public Optional<byte[]> get(String path, Duration limit) {
        try {
            return Optional.ofNullable(client.raw(path))
                    .map(text -> text.getBytes(StandardCharsets.UTF_8));
        } catch (KubernetesClientException e) {
            // A cluster without metrics-server, or one that is silent: nothing is known.
            return Optional.empty();
        }
    }
}
