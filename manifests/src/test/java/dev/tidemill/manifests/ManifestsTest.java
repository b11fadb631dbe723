package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.manifests.yaml.YamlWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class ManifestsTest {
    private static final String CONTAINER = "spec.template.spec.containers.0";

    private final List<KubeObject> objects = Manifests.of(Sample.whole());

    @Test
    void are_the_same_each_time_and_in_an_order_to_apply() {
        assertThat(Manifests.of(Sample.whole())).isEqualTo(objects);
        assertThat(objects.stream().map(KubeObject::kind).distinct())
                .startsWith("Namespace", "PriorityClass")
                .containsSubsequence("ServiceAccount", "ConfigMap", "Service", "Deployment");
        assertThat(objects.stream().map(KubeObject::id)).doesNotHaveDuplicates();
    }

    @Test
    void every_pod_passes_the_restricted_pod_security_standard() {
        for (String id : workloads()) {
            KubeObject workload = Sample.find(objects, id);
            assertThat(Sample.at(workload, "spec.template.spec.securityContext"))
                    .isEqualTo(Pods.podSecurity());
            assertThat(Sample.at(workload, CONTAINER + ".securityContext"))
                    .isEqualTo(
                            Map.of(
                                    "allowPrivilegeEscalation",
                                    false,
                                    "readOnlyRootFilesystem",
                                    true,
                                    "capabilities",
                                    Map.of("drop", List.of("ALL"))));
            assertThat(Sample.at(workload, "spec.template.spec.automountServiceAccountToken"))
                    .isEqualTo(false);
        }
        assertThat(Sample.at(Sample.find(objects, "namespace/ai-platform"), "metadata.labels"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    }

    @Test
    void every_workload_has_the_three_probes_and_limits() {
        for (String id : workloads()) {
            KubeObject workload = Sample.find(objects, id);
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                String path = CONTAINER + "." + probe + ".httpGet.path";
                assertThat((String) Sample.at(workload, path)).startsWith("/health/");
            }
            assertThat(Sample.has(workload, CONTAINER + ".resources.limits", "memory")).isTrue();
        }
    }

    @Test
    void no_replica_is_taken_away_before_another_is_there() {
        KubeObject server = Sample.find(objects, "deployment/digits-server");

        assertThat(Sample.at(server, "spec.strategy.rollingUpdate.maxUnavailable")).isEqualTo(0);
        assertThat(Sample.at(server, "spec.strategy.rollingUpdate.maxSurge")).isEqualTo("25%");
        KubeObject gpu = Sample.find(objects, "deployment/vision-server");
        assertThat(Sample.at(gpu, "spec.strategy.rollingUpdate.maxSurge")).isEqualTo(1);
    }

    @Test
    void a_pod_has_time_for_its_longest_request() {
        KubeObject gateway = Sample.find(objects, "deployment/front-gateway");

        long grace = (Long) Sample.at(gateway, "spec.template.spec.terminationGracePeriodSeconds");
        int pause = (Integer) Sample.at(gateway, CONTAINER + ".lifecycle.preStop.sleep.seconds");
        assertThat(grace).isGreaterThanOrEqualTo(pause + 1 + 120);
    }

    @Test
    void servers_pull_what_the_file_names_or_read_their_volume() {
        assertThat(arguments("deployment/digits-server"))
                .contains(
                        "--registry=http://control:8080",
                        "--model=digits@production",
                        "--model=intents-eu=intents:3",
                        "--device=cpu",
                        "--max-body=32Mi");
        assertThat(arguments("deployment/vision-server"))
                .contains("--model-repository=/models", "--load-model=vision", "--device=cuda")
                .noneMatch(argument -> argument.startsWith("--registry"));
    }

    @Test
    void who_scales_a_deployment_sets_its_replicas() {
        assertThat(Sample.has(Sample.find(objects, "deployment/digits-server"), "spec", "replicas"))
                .isFalse();
        KubeObject hpa = Sample.find(objects, "horizontalpodautoscaler/digits-server");
        assertThat(Sample.at(hpa, "spec.minReplicas")).isEqualTo(2);
        assertThat(Sample.at(hpa, "spec.metrics.0.pods.target.averageValue")).isEqualTo("2500m");

        List<KubeObject> fixed =
                Manifests.of(
                        Sample.platform(
                                Sample.MODELS,
                                Sample.ENVIRONMENT.replace("spec:\n", "spec:\n  scaling: none\n")));
        assertThat(Sample.at(Sample.find(fixed, "deployment/digits-server"), "spec.replicas"))
                .isEqualTo(2);
        assertThat(fixed).noneMatch(each -> each.kind().equals("HorizontalPodAutoscaler"));
        List<KubeObject> ours =
                Manifests.of(
                        Sample.platform(
                                Sample.MODELS,
                                Sample.ENVIRONMENT.replace(
                                        "spec:\n", "spec:\n  scaling: tidemill\n")));
        assertThat(ours).noneMatch(each -> each.kind().equals("HorizontalPodAutoscaler"));
        assertThat(Sample.has(Sample.find(ours, "deployment/digits-server"), "spec", "replicas"))
                .isFalse();
    }

    @Test
    void keys_of_upstreams_come_from_a_secret_that_is_only_named() {
        KubeObject gateway = Sample.find(objects, "deployment/front-gateway");

        assertThat(Sample.at(gateway, CONTAINER + ".env").toString())
                .contains("secretKeyRef={name=front-gateway-keys, key=OPENAI_API_KEY}");
        assertThat(Sample.at(gateway, "spec.template.spec.volumes").toString())
                .contains("secretName=front-gateway-keys", "key=vllm, path=keys/vllm");
        assertThat(objects).noneMatch(object -> object.kind().equals("Secret"));
    }

    @Test
    void pods_are_replaced_when_their_configuration_changes() {
        String path = "spec.template.metadata.annotations";
        KubeObject gateway = Sample.find(objects, "deployment/front-gateway");
        Object before = Sample.at(gateway, path);
        Platform platform = Sample.whole();
        Platform changed =
                new Platform(
                        platform.models(),
                        platform.gateway(),
                        platform.environment(),
                        Optional.of("{}"),
                        platform.release());

        Object after =
                Sample.at(Sample.find(Manifests.of(changed), "deployment/front-gateway"), path);

        assertThat(before.toString()).contains("tidemill.dev/config-sha256=");
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void without_an_environment_nothing_but_what_runs_is_made() {
        List<KubeObject> plain = Manifests.of(Sample.platform(Sample.MODELS, Sample.GATEWAY));

        assertThat(plain).allMatch(object -> object.namespace().isEmpty());
        assertThat(plain)
                .noneMatch(object ->
                        List.of("Namespace", "ResourceQuota", "ServiceMonitor", "PriorityClass")
                                .contains(object.kind()));
        assertThat(YamlWriter.documents(plain.stream().map(KubeObject::fields).toList()))
                .contains("image: tidemill:1.2.3");
    }

    private List<String> arguments(String id) {
        List<?> arguments = (List<?>) Sample.at(Sample.find(objects, id), CONTAINER + ".args");
        return arguments.stream().map(String::valueOf).toList();
    }

    private List<String> workloads() {
        return objects.stream()
                .filter(object -> List.of("Deployment", "StatefulSet").contains(object.kind()))
                .map(KubeObject::id)
                .toList();
    }
}
