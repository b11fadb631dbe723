package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.spec.Environment;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.SpecParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class StateObjectsTest {
    private static final String CONTAINER = "spec.template.spec.containers.0";

    private final List<KubeObject> made = Manifests.of(Sample.platform(Sample.MODELS, Sample.MADE));
    private final List<KubeObject> named =
            Manifests.of(Sample.platform(Sample.MODELS, Sample.NAMED));

    @Test
    void backups_go_into_the_bucket_too_where_there_is_one() {
        String bucket =
                Sample.NAMED
                        + "  objectStore: {bucket: models, prefix: prod, secretName: s3, endpoint:"
                        + " \"http://minio.data.svc:9000\"}\n";
        KubeObject cron =
                Sample.find(
                        Manifests.of(Sample.platform(Sample.MODELS, bucket)),
                        "cronjob/tidemill-postgres-backup");
        String pod = "spec.jobTemplate.spec.template.spec";

        assertThat(Sample.at(cron, pod + ".initContainers.0.image"))
                .asString()
                .contains("postgres");
        assertThat(Sample.at(cron, pod + ".containers.0.args"))
                .isEqualTo(
                        List.of(
                                "backup",
                                "--folder=/backup",
                                "--bucket=models",
                                "--prefix=prod/backups/",
                                "--endpoint=http://minio.data.svc:9000",
                                "--region=us-east-1",
                                "--path-style",
                                "--credentials=/etc/tidemill/objects"));
        assertThat(Sample.at(cron, pod + ".restartPolicy")).isEqualTo("Never");
    }

    @Test
    void control_is_told_of_the_database_and_given_what_opens_it() {
        assertThat(control(made))
                .contains(
                        "\"database\" : {\"url\" : \"postgresql://tidemill-postgres:5432/tidemill?sslmode=disable\","
                                + " \"credentials\" : \"/etc/tidemill/database\"}");
        assertThat(control(named))
                .contains("\"url\" : \"postgresql://db.data.svc/registry?sslmode=verify-full\"");
        assertThat(volumes(named, "statefulset/control"))
                .contains(
                        Map.of(
                                "name",
                                "database",
                                "secret",
                                Map.of("secretName", "registry-database", "defaultMode", 288)));
        assertThat(control(Manifests.of(Sample.platform(Sample.MODELS))))
                .doesNotContain("database");
    }

    @Test
    void stores_that_are_named_are_not_made() {
        assertThat(named.stream().map(KubeObject::id))
                .doesNotContain("statefulset/tidemill-postgres", "statefulset/tidemill-redis")
                .contains("cronjob/tidemill-postgres-backup");
    }

    @Test
    void what_is_made_has_a_volume_of_the_class_and_with_the_end_that_the_file_says() {
        KubeObject postgres = Sample.find(made, "statefulset/tidemill-postgres");
        KubeObject redis = Sample.find(made, "statefulset/tidemill-redis");

        String claim = "spec.volumeClaimTemplates.0.spec.";
        assertThat(Sample.at(postgres, claim + "storageClassName")).isEqualTo("fast");
        assertThat(Sample.at(postgres, claim + "resources.requests.storage")).isEqualTo("20Gi");
        assertThat(Sample.at(postgres, "spec.persistentVolumeClaimRetentionPolicy"))
                .isEqualTo(Map.of("whenDeleted", "Delete", "whenScaled", "Retain"));
        assertThat(Sample.at(redis, claim + "storageClassName")).isEqualTo("ssd");
        assertThat(Sample.at(redis, "spec.persistentVolumeClaimRetentionPolicy.whenDeleted"))
                .isEqualTo("Retain");
    }

    @Test
    void pods_of_other_peoples_images_are_restricted_too() {
        for (String id : List.of("statefulset/tidemill-postgres", "statefulset/tidemill-redis")) {
            restricted(Sample.find(made, id), "spec.template.spec");
        }
        restricted(
                Sample.find(made, "cronjob/tidemill-postgres-backup"),
                "spec.jobTemplate.spec.template.spec");
    }

    @Test
    void no_password_is_in_any_object_but_where_it_comes_from_is() {
        KubeObject postgres = Sample.find(made, "statefulset/tidemill-postgres");

        assertThat(Sample.at(postgres, CONTAINER + ".env"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains(
                        Map.of(
                                "name",
                                "POSTGRES_PASSWORD_FILE",
                                "value",
                                "/etc/postgres/password"));
        assertThat(made.stream().map(KubeObject::kind)).doesNotContain("Secret");
        MadeSecret secret = MadeSecret.of("tidemill-postgres").orElseThrow();
        assertThat(secret.data(() -> "made-up"))
                .isEqualTo(Map.of("username", "tidemill", "password", "made-up"));
        assertThat(MadeSecret.of("control").orElseThrow().data(() -> "made-up"))
                .isEqualTo(Map.of("admin", "made-up", "service", "made-up"));
        assertThat(MadeSecret.of("somebody-elses")).isEmpty();
    }

    @Test
    void only_those_who_need_a_store_reach_it() {
        KubeObject postgres = Sample.find(made, "networkpolicy/tidemill-postgres");
        assertThat(Sample.at(postgres, "spec.ingress.0.from"))
                .isEqualTo(List.of(pods("tidemill-control"), pods("tidemill-backup")));
        assertThat(Sample.at(postgres, "spec.policyTypes")).isEqualTo(List.of("Ingress", "Egress"));
        assertThat(Sample.has(postgres, "spec", "egress")).isFalse();
        KubeObject redis = Sample.find(made, "networkpolicy/tidemill-redis");
        assertThat(Sample.at(redis, "spec.ingress.0.from"))
                .isEqualTo(List.of(pods("tidemill-gateway")));
        assertThat(Sample.at(Sample.find(made, "networkpolicy/control"), "spec.egress.1.to"))
                .isEqualTo(List.of(pods("tidemill-postgres")));
        assertThat(Sample.at(Sample.find(named, "networkpolicy/control"), "spec.egress.1.to"))
                .isEqualTo(List.of(NetworkObjects.namespace("data")));
    }

    @Test
    void a_gateway_with_limits_has_them_in_the_environments_redis() {
        Gateway limited = gateway("limits: {rates: [{name: all, requestsPerMinute: 60}]}");

        assertThat(shared(limited, Sample.MADE)).isEqualTo("redis://tidemill-redis:6379");
        assertThat(shared(limited, Sample.NAMED)).isEqualTo("redis://limits.example.com");
        assertThat(shared(gateway("replicas: 2"), Sample.MADE)).isEqualTo("none");
        assertThat(
                        shared(
                                gateway(
                                        "limits: {rates: [{name: all, requestsPerMinute: 60}],"
                                                + " shared: {redis: \"redis://own\"}}"),
                                Sample.MADE))
                .isEqualTo("redis://own");
    }

    @Test
    void the_password_of_that_redis_reaches_the_gateways_pods() {
        Platform plain = Sample.platform(Sample.MADE, GATEWAY.formatted(LIMITED));
        Platform platform =
                new Platform(
                        plain.models(),
                        plain.gateway().map(one -> GatewayStore.in(plain.environment(), one)),
                        plain.environment(),
                        plain.gatewayConfig(),
                        plain.release());

        KubeObject gateway = Sample.find(Manifests.of(platform), "deployment/front-gateway");

        assertThat(Sample.at(gateway, CONTAINER + ".env.1"))
                .isEqualTo(
                        Map.of(
                                "name",
                                "TIDEMILL_REDIS_PASSWORD",
                                "valueFrom",
                                Map.of(
                                        "secretKeyRef",
                                        Map.of("name", "tidemill-redis", "key", "password"))));
    }

    private static final String LIMITED = "limits: {rates: [{name: all, requestsPerMinute: 60}]}";
    private static final String GATEWAY =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Gateway
            metadata: {name: front}
            spec:
              routes: [{name: chat, models: [m], upstreams: [{url: "http://vllm.models.svc"}]}]
              %s
            """;

    private static Gateway gateway(String line) {
        return (Gateway) only(GATEWAY.formatted(line));
    }

    private static String shared(Gateway gateway, String environment) {
        return GatewayStore.in((Environment) only(environment), gateway)
                .sharedLimits()
                .map(limits -> limits.redis().toString())
                .orElse("none");
    }

    private static Resource only(String document) {
        return SpecParser.parse("tidemill.yaml", document.getBytes(StandardCharsets.UTF_8))
                .orThrow()
                .getFirst();
    }

    private static void restricted(KubeObject object, String pod) {
        assertThat(Sample.at(object, pod + ".securityContext"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("runAsNonRoot", true)
                .containsEntry("runAsUser", 999)
                .containsEntry("seccompProfile", Map.of("type", "RuntimeDefault"));
        assertThat(Sample.at(object, pod + ".containers.0.securityContext"))
                .isEqualTo(Pods.containerSecurity());
        assertThat(Sample.at(object, pod + ".automountServiceAccountToken")).isEqualTo(false);
    }

    private static Map<String, Object> pods(String name) {
        return Map.of("podSelector", Map.of("matchLabels", Map.of("app.kubernetes.io/name", name)));
    }

    private static String control(List<KubeObject> objects) {
        return String.valueOf(
                Tree.map(Sample.at(Sample.find(objects, "configmap/control"), "data"))
                        .get("control.json"));
    }

    @SuppressWarnings("unchecked") // a list of volumes
    private static List<Object> volumes(List<KubeObject> objects, String id) {
        return (List<Object>) Sample.at(Sample.find(objects, id), "spec.template.spec.volumes");
    }
}
