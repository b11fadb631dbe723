package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.Problem;
import dev.tidemill.spec.App;
import dev.tidemill.spec.SpecParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class AppObjectsTest {
    private static final String CONTAINER = "spec.template.spec.containers.0";
    private static final String ROUTE = "    - {path: /portal, app: portal}\n";

    private final List<KubeObject> objects =
            Manifests.of(
                    Sample.platform(Sample.MODELS, Sample.APP, Sample.GATEWAY, Sample.ENVIRONMENT));
    private final KubeObject deployment = Sample.find(objects, "deployment/portal-app");

    @Test
    void an_app_runs_its_image_with_what_the_file_says_and_where_the_gateway_is() {
        assertThat(Sample.at(deployment, CONTAINER + ".image"))
                .isEqualTo("ghcr.io/school/portal:1.2");
        assertThat(Sample.at(deployment, CONTAINER + ".args"))
                .isEqualTo(List.of("--port", "$(PORT)"));
        assertThat(Sample.has(deployment, CONTAINER, "command")).isFalse();
        assertThat(Sample.at(deployment, CONTAINER + ".env"))
                .asString()
                .contains("{name=PORT, value=3000}")
                .contains("{name=TIDEMILL_GATEWAY_URL, value=http://front-gateway:8080}")
                .contains("{name=LOG_LEVEL, value=info}, {name=WORKERS, value=4}")
                .contains(
                        "name=API_KEY, valueFrom={secretKeyRef={name=portal-app-keys, key=API_KEY}}")
                .contains("name=DB_PASSWORD, valueFrom={secretKeyRef={name=db, key=password}}");
        assertThat(objects).noneMatch(object -> object.kind().equals("Secret"));
    }

    @Test
    void it_has_the_production_defaults_of_a_model() {
        assertThat(Sample.at(deployment, "spec.strategy.rollingUpdate"))
                .isEqualTo(Map.of("maxSurge", "25%", "maxUnavailable", 0));
        assertThat(Sample.at(deployment, CONTAINER + ".securityContext"))
                .isEqualTo(Pods.containerSecurity());
        assertThat(Sample.at(deployment, "spec.template.spec.securityContext"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("runAsNonRoot", true)
                .containsEntry("runAsUser", 1000);
        assertThat(Sample.at(deployment, CONTAINER + ".resources").toString())
                .isEqualTo("{requests={cpu=500m, memory=256Mi}, limits={cpu=500m, memory=256Mi}}");
        assertThat(Sample.has(deployment, "spec.template.spec", "affinity")).isTrue();
        assertThat(Sample.has(deployment, "spec.template.spec", "topologySpreadConstraints"))
                .isTrue();
        assertThat(Sample.at(deployment, CONTAINER + ".volumeMounts").toString())
                .contains("mountPath=/tmp", "mountPath=/var/cache/portal");
        assertThat(
                        Sample.at(
                                Sample.find(objects, "poddisruptionbudget/portal-app"),
                                "spec.maxUnavailable"))
                .isEqualTo(1);
    }

    @Test
    void it_is_probed_where_it_says_and_ends_in_peace() {
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            assertThat(Sample.at(deployment, CONTAINER + "." + probe + ".httpGet.path"))
                    .isEqualTo("/healthz");
        }
        assertThat(Sample.at(deployment, CONTAINER + ".startupProbe.failureThreshold"))
                .isEqualTo(90);
        assertThat(Sample.at(deployment, "spec.template.spec.terminationGracePeriodSeconds"))
                .isEqualTo(30L);

        List<KubeObject> plain =
                Manifests.of(
                        Sample.platform(
                                Sample.APP.replace("{path: /healthz, startup: 90s}", "{}")));
        assertThat(
                        Sample.at(
                                Sample.find(plain, "deployment/portal-app"),
                                CONTAINER + ".readinessProbe"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("tcpSocket", Map.of("port", "http"))
                .doesNotContainKey("httpGet");
    }

    @Test
    void kubernetes_scales_it_by_processor_unless_its_file_says_how() {
        KubeObject scaler = Sample.find(objects, "horizontalpodautoscaler/portal-app");
        assertThat(Sample.at(scaler, "spec.minReplicas")).isEqualTo(2);
        assertThat(Sample.at(scaler, "spec.maxReplicas")).isEqualTo(5);
        assertThat(Sample.at(scaler, "spec.metrics").toString())
                .contains("name=cpu", "averageUtilization=80");
        assertThat(Sample.has(deployment, "spec", "replicas")).isFalse();

        String byMemory =
                Sample.APP.replace("max: 5}", "max: 5, metrics: [{type: memory, target: 60%}]}");
        String keda = Sample.ENVIRONMENT.replace("spec:\n", "spec:\n  scaling: keda\n");
        KubeObject said =
                Sample.find(
                        Manifests.of(Sample.platform(byMemory, keda)),
                        "horizontalpodautoscaler/portal-app");
        assertThat(Sample.at(said, "spec.metrics").toString())
                .contains("name=memory", "averageUtilization=60");

        String none = Sample.ENVIRONMENT.replace("spec:\n", "spec:\n  scaling: none\n");
        List<KubeObject> fixed = Manifests.of(Sample.platform(Sample.APP, none));
        assertThat(Sample.at(Sample.find(fixed, "deployment/portal-app"), "spec.replicas"))
                .isEqualTo(2);
        assertThat(fixed).noneMatch(each -> each.kind().equals("HorizontalPodAutoscaler"));
    }

    @Test
    void what_our_own_loop_scales_has_no_other_owner() {
        String ours = Sample.ENVIRONMENT.replace("spec:\n", "spec:\n  scaling: tidemill\n");
        List<KubeObject> scaled = Manifests.of(Sample.platform(Sample.APP, ours));

        assertThat(scaled).noneMatch(each -> each.kind().equals("HorizontalPodAutoscaler"));
        assertThat(Sample.has(Sample.find(scaled, "deployment/portal-app"), "spec", "replicas"))
                .isFalse();
        Map<?, ?> labels =
                (Map<?, ?>)
                        Sample.at(
                                Sample.find(scaled, "deployment/portal-app"),
                                "spec.template.metadata.labels");
        for (String label : AppPods.selector("portal").split(",")) {
            assertThat(labels.get(label.split("=")[0])).as(label).isEqualTo(label.split("=")[1]);
        }
    }

    @Test
    void only_the_gateway_and_metrics_reach_it_and_it_reaches_what_it_calls() {
        KubeObject policy = Sample.find(objects, "networkpolicy/portal-app");
        assertThat(Sample.at(policy, "spec.ingress").toString())
                .contains("tidemill-gateway", "monitoring", "port=3000")
                .doesNotContain("ingress-nginx");
        assertThat(Sample.at(policy, "spec.egress").toString())
                .contains("kube-system", "tidemill-gateway")
                .contains("cidr=0.0.0.0/0", "port=443")
                .contains("kubernetes.io/metadata.name=data")
                .doesNotContain("tidemill-server");

        KubeObject gateway = Sample.find(objects, "networkpolicy/front-gateway");
        assertThat(Sample.at(gateway, "spec.egress").toString())
                .contains("tidemill-app", "port=3000");
        assertThat(Sample.at(gateway, "spec.ingress").toString())
                .contains("tidemill-app", "ingress-nginx");
    }

    @Test
    void services_name_it_for_others_and_its_pods_for_the_gateway() {
        assertThat(Sample.at(Sample.find(objects, "service/portal-app"), "spec.ports").toString())
                .contains("port=80, targetPort=http");
        KubeObject pods = Sample.find(objects, "service/portal-app-pods");
        assertThat(Sample.at(pods, "spec.clusterIP")).isEqualTo("None");
        App app = apps(Sample.APP).getFirst();
        assertThat(AppObjects.address(app)).isEqualTo("http://portal-app-pods:3000");
    }

    @Test
    void a_command_alone_runs_on_no_cluster() {
        String command =
                Sample.APP
                        .lines()
                        .filter(line -> !line.contains("image:") && !line.contains("args:"))
                        .collect(Collectors.joining("\n"));

        assertThat(AppObjects.problems(apps(Sample.APP))).isEmpty();
        assertThat(AppObjects.problems(apps(command)))
                .extracting(Problem::toString)
                .containsExactly(
                        "f:1: App/portal spec.image: 'missing' (expected: an image, which a cluster"
                                + " runs; `command` is for one machine)");
    }

    @Test
    void a_route_to_it_needs_no_way_out_of_the_cluster() {
        List<KubeObject> routed =
                Manifests.of(
                        Sample.platform(
                                Sample.MODELS,
                                Sample.APP,
                                Sample.GATEWAY.replace(
                                        "    - {path: /predict, model: digits}\n",
                                        "    - {path: /predict, model: digits}\n" + ROUTE),
                                Sample.ENVIRONMENT));

        assertThat(Sample.at(Sample.find(routed, "networkpolicy/front-gateway"), "spec.egress"))
                .isEqualTo(
                        Sample.at(
                                Sample.find(objects, "networkpolicy/front-gateway"),
                                "spec.egress"));
    }

    private static List<App> apps(String document) {
        return SpecParser.parse("f", document.getBytes(StandardCharsets.UTF_8)).orThrow().stream()
                .map(App.class::cast)
                .toList();
    }
}
