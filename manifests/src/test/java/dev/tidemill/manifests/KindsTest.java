package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class KindsTest {
    private static final String MODEL =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: digits}
            spec:
              source: digits@production
              resources: {cpu: 1, memory: 200Mi}
              scaling:
                kinds:
                  - {name: cpu, requestsPerSecond: 10, pricePerHour: 1}
                  - name: gpu-spot
                    requestsPerSecond: 100
                    pricePerHour: 2
                    spot: true
                    resources: {cpu: 2, memory: 1Gi, gpu: 1}
                    pod:
                      nodeSelector: {pool: gpu-spot}
                      tolerations: [{key: spot, operator: Exists}]
            """;

    @Test
    void of_replicas_are_deployments_of_their_own_behind_one_service() {
        List<KubeObject> objects = Manifests.of(Sample.platform(environment("tidemill"), MODEL));
        KubeObject cpu = Sample.find(objects, "deployment/digits-server-cpu");
        KubeObject gpu = Sample.find(objects, "deployment/digits-server-gpu-spot");
        KubeObject service = Sample.find(objects, "service/digits-server");

        assertThat(Sample.at(gpu, "spec.template.spec.nodeSelector"))
                .isEqualTo(Map.of("pool", "gpu-spot"));
        assertThat(Sample.at(gpu, "spec.template.spec.containers.0.resources.limits"))
                .isEqualTo(Map.of("cpu", "2", "memory", "1Gi", "nvidia.com/gpu", "1"));
        assertThat(Sample.at(cpu, "spec.template.spec.containers.0.resources.limits"))
                .isEqualTo(Map.of("cpu", "1", "memory", "200Mi"));
        assertThat(Sample.at(gpu, "spec.template.spec.containers.0.args"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains("--device=cuda");
        assertThat(Sample.at(cpu, "spec.selector.matchLabels"))
                .isNotEqualTo(Sample.at(gpu, "spec.selector.matchLabels"));
        for (KubeObject each : List.of(cpu, gpu)) {
            assertThat(Sample.at(each, "spec.template.metadata.labels"))
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsAllEntriesOf((Map<?, ?>) Sample.at(service, "spec.selector"))
                    .containsAllEntriesOf((Map<?, ?>) Sample.at(each, "spec.selector.matchLabels"));
        }
        assertThat(ServerPods.selector("digits", "cpu"))
                .isEqualTo(
                        "app.kubernetes.io/name=tidemill-server,app.kubernetes.io/instance=digits-server,tidemill.dev/kind=cpu");
    }

    @Test
    void are_not_chosen_by_an_autoscaler_of_kubernetes_which_has_the_first() {
        List<KubeObject> objects = Manifests.of(Sample.platform(environment("hpa"), MODEL));
        assertThat(objects.stream().filter(each -> each.kind().equals("Deployment")))
                .extracting(KubeObject::id)
                .contains("deployment/digits-server")
                .doesNotContain("deployment/digits-server-cpu");
    }

    private static String environment(String scaling) {
        return """
        apiVersion: tidemill.dev/v1alpha1
        kind: Environment
        metadata: {name: prod}
        spec: {namespace: ai, scaling: %s, image: {name: "example.com/tidemill:1"}}
        """
                .formatted(scaling);
    }
}
