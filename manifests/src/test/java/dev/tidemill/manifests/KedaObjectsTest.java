package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.manifests.yaml.YamlWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KedaObjectsTest {
    private static final String ENVIRONMENT =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Environment
            metadata: {name: prod}
            spec: {namespace: ai, scaling: keda, image: {name: "example.com/tidemill:1"}}
            """;

    @Test
    void a_model_without_triggers_is_scaled_by_its_requests_in_flight() {
        List<KubeObject> objects =
                objects("{min: 0, max: 6, metrics: [{type: concurrency, target: 2.5}]}");
        assertThat(objects).noneMatch(each -> each.kind().equals("HorizontalPodAutoscaler"));
        assertThat(Sample.has(Sample.find(objects, "deployment/digits-server"), "spec", "replicas"))
                .isFalse();
        assertThat(spec(objects))
                .isEqualTo(
                        """
                        scaleTargetRef:
                          name: digits-server
                        minReplicaCount: 0
                        maxReplicaCount: 6
                        cooldownPeriod: 600
                        advanced:
                          horizontalPodAutoscalerConfig:
                            behavior:
                              scaleUp:
                                stabilizationWindowSeconds: 0
                              scaleDown:
                                stabilizationWindowSeconds: 60
                        triggers:
                        - type: external-push
                          name: concurrency
                          metricType: AverageValue
                          metadata:
                            scalerAddress: tidemill-operator.tidemill-system.svc:9090
                            model: digits
                            activation: "0"
                            metric: concurrency
                            target: "2500m"
                        """);
    }

    @Test
    void the_triggers_of_the_file_are_those_of_the_scaled_object() {
        String spec =
                spec(
                        objects(
                                """
                                {min: 1, max: 9, keda: {pollingInterval: 10, cooldownPeriod: 60, triggers: [
                                  {type: kafka, metadata: {bootstrapServers: "k:9092", consumerGroup: w, topic: t, lagThreshold: "50"}},
                                  {type: cpu, metricType: Utilization, metadata: {value: "70"}},
                                  {type: cron, metadata: {timezone: Asia/Shanghai, start: "0 9 * * *", end: "0 18 * * *", desiredReplicas: "5"}},
                                  {type: tidemill, name: gpus, metadata: {signal: gpu, threshold: "80", activationThreshold: "10"}}],
                                  fallback: {failureThreshold: 3, replicas: 4}}}
                                """));
        assertThat(spec)
                .contains("pollingInterval: 10", "cooldownPeriod: 60", "failureThreshold: 3")
                .contains("- type: kafka", "bootstrapServers: k:9092", "lagThreshold: \"50\"")
                .contains("- type: cpu", "metricType: Utilization", "value: \"70\"")
                .contains("- type: cron", "timezone: Asia/Shanghai", "desiredReplicas: \"5\"")
                .contains("name: gpus\n  metricType: Value")
                .contains("metric: gpu", "target: \"0.8\"", "activation: \"0.1\"");
    }

    private static List<KubeObject> objects(String scaling) {
        return Manifests.of(
                Sample.platform(
                        ENVIRONMENT,
                        """
                        apiVersion: tidemill.dev/v1alpha1
                        kind: Model
                        metadata: {name: digits}
                        spec:
                          source: digits@production
                          scaling: %s
                        """
                                .formatted(scaling.strip().indent(12).strip())));
    }

    private static String spec(List<KubeObject> objects) {
        KubeObject object = Sample.find(objects, "scaledobject/digits-server");
        return YamlWriter.write(Tree.map(object.fields().get("spec")));
    }
}
