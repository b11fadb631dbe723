package dev.tidemill.operator.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.manifests.OperatorApis;
import dev.tidemill.operator.fake.FakeApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class KubeClusterIT {
    private static final String PATH = "/apis/apiregistration.k8s.io/v1/apiservices/";

    @Test
    void asks_and_writes_what_the_registration_needs() throws IOException {
        List<String> wrote = new ArrayList<>();
        try (FakeApiServer server = FakeApiServer.start();
                KubernetesClient client = server.client()) {
            server.put(
                    "/apis/rbac.authorization.k8s.io/v1/clusterroles/tidemill-operator",
                    "{\"metadata\":{\"name\":\"tidemill-operator\",\"uid\":\"u-1\"}}");
            server.put(
                    "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication",
                    "{\"metadata\":{\"name\":\"extension-apiserver-authentication\"},\"data\":{\"a\":\"b\"}}");
            KubeCluster cluster = new KubeCluster(client, wrote::add);
            String name = MetricsGroup.CUSTOM.service();

            assertThat(cluster.apiService(name)).isEmpty();
            assertThat(cluster.ownerUid()).isPresent();
            assertThat(cluster.authentication()).containsEntry("a", "b");
            cluster.apply(OperatorApis.endpoint("tidemill-system", "10.0.0.1"));
            cluster.apply(
                    OperatorApis.apiService(
                            "custom.metrics.k8s.io", "v1beta2", "x", "pem", Optional.of("u-1")));
            assertThat(
                            server.get(
                                    "/apis/discovery.k8s.io/v1/namespaces/tidemill-system/endpointslices/tidemill-operator"))
                    .isPresent();
            assertThat(server.get(PATH + name).orElseThrow().at("/spec/caBundle").asString())
                    .isEqualTo("cGVt");
            assertThat(
                            new ApiRegistration(cluster, "x", "10.0.0.1")
                                    .look(Set.of(MetricsGroup.CUSTOM), "pem"))
                    .isEmpty();
            cluster.deleteApiService(name);
            assertThat(cluster.apiService(name)).isEmpty();
            assertThat(wrote).contains("apply", "delete");
        }
    }
}
