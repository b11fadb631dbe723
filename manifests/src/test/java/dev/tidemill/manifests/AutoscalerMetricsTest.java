package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.manifests.yaml.YamlWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AutoscalerMetricsTest {
    @Test
    void every_metric_of_the_policy_hpa_is_asked_where_kubernetes_has_it() {
        assertThat(
                        metrics(
                                """
                                policy: hpa
                                metrics:
                                  - {type: cpu, target: 70%}
                                  - {type: concurrency, target: 8}
                                  - {type: p99, target: 500ms}
                                  - {type: gpu, target: 80%}
                                  - {type: Pods, pods: {metric: {name: requests_waiting}, target: {type: AverageValue, averageValue: 50}}}
                                  - {type: External, external: {metric: {name: jobs}, target: {type: Value, value: 100}}}
                                sources: [{name: jobs, server: "http://prometheus:9090"}]
                                """))
                .isEqualTo(
                        """
                        - type: Resource
                          resource:
                            name: cpu
                            target:
                              type: Utilization
                              averageUtilization: 70
                        - type: Object
                          object:
                            metric:
                              name: concurrency
                            describedObject:
                              apiVersion: v1
                              kind: Service
                              name: digits-server
                            target:
                              type: AverageValue
                              averageValue: "8"
                        - type: Object
                          object:
                            metric:
                              name: p99
                            describedObject:
                              apiVersion: v1
                              kind: Service
                              name: digits-server
                            target:
                              type: Value
                              value: "500m"
                        - type: Pods
                          pods:
                            metric:
                              name: gpu
                            target:
                              type: AverageValue
                              averageValue: "800m"
                        - type: Pods
                          pods:
                            metric:
                              name: requests_waiting
                            target:
                              type: AverageValue
                              averageValue: "50"
                        - type: External
                          external:
                            metric:
                              name: jobs
                              selector:
                                matchLabels:
                                  model: digits
                            target:
                              type: Value
                              value: "100"
                        """);
    }

    @Test
    void the_policy_hpa_without_metrics_is_processors_as_in_kubernetes() {
        assertThat(metrics("policy: hpa")).contains("name: cpu", "averageUtilization: 80");
    }

    @Test
    void other_policies_become_requests_in_flight() {
        assertThat(metrics("objective: {latency: 2s, late: 1%}"))
                .contains("name: tidemill_server_in_flight", "averageValue: \"8\"");
    }

    @Test
    void the_registration_of_an_api_goes_with_the_operator_and_says_what_to_believe() {
        KubeObject service =
                OperatorApis.apiService(
                        "custom.metrics.k8s.io",
                        "v1beta2",
                        "tidemill-system",
                        "pem",
                        Optional.of("uid-1"));
        assertThat(YamlWriter.write(service.fields()))
                .isEqualTo(
                        """
                        apiVersion: apiregistration.k8s.io/v1
                        kind: APIService
                        metadata:
                          name: v1beta2.custom.metrics.k8s.io
                          labels:
                            app.kubernetes.io/part-of: tidemill
                            tidemill.dev/by: operator
                          ownerReferences:
                          - apiVersion: rbac.authorization.k8s.io/v1
                            kind: ClusterRole
                            name: tidemill-operator
                            uid: uid-1
                        spec:
                          group: custom.metrics.k8s.io
                          version: v1beta2
                          groupPriorityMinimum: 100
                          versionPriority: 200
                          service:
                            namespace: tidemill-system
                            name: tidemill-operator
                            port: 443
                          caBundle: cGVt
                        """);
    }

    @Test
    void the_way_to_the_operator_that_leads_is_written_by_address() {
        KubeObject four = OperatorApis.endpoint("tidemill-system", "10.0.0.7");
        assertThat(Sample.at(four, "addressType")).isEqualTo("IPv4");
        assertThat(Sample.at(four, "endpoints.0.addresses.0")).isEqualTo("10.0.0.7");
        assertThat(Sample.at(OperatorApis.endpoint("x", "fd00::7"), "addressType"))
                .isEqualTo("IPv6");
    }

    private static String metrics(String scaling) {
        String model =
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Model
                metadata: {name: digits}
                spec:
                  source: digits@production
                  scaling:
                """
                        + scaling.strip().indent(4);
        KubeObject autoscaler =
                Sample.find(
                        Manifests.of(Sample.platform(Sample.ENVIRONMENT, model)),
                        "horizontalpodautoscaler/digits-server");
        return YamlWriter.list((List<?>) Sample.at(autoscaler, "spec.metrics"));
    }
}
