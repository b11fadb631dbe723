package dev.tidemill.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.OperatorObjects;
import dev.tidemill.manifests.Platform;
import dev.tidemill.manifests.crd.Crds;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The operator against a real API server, which need not have our image.
final class OperatorOnCluster {
    private static final String PREFIX = "operator-test";
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static KubernetesClient client;
    private RealNamespace namespace;

    @BeforeAll
    static void open() {
        RealNamespace.assumeCluster();
        client = new KubernetesClientBuilder().build();
        RealNamespace.define(client);
    }

    @AfterAll
    static void close() {
        if (client != null) {
            RealNamespace.awaitGone(client, PREFIX);
            client.close();
        }
    }

    @BeforeEach
    void begin() {
        namespace = RealNamespace.make(client, PREFIX);
    }

    @AfterEach
    void end() {
        namespace.delete();
    }

    @Test
    void a_model_becomes_a_deployment_and_its_status_says_that_the_image_is_missing() {
        namespace.put(
                "Environment",
                "here",
                "{scaling: none, image: {name: nowhere.invalid/none:1, pullPolicy: Never}}");
        namespace.put("Model", "digits", "{source: digits}");
        try (OperatorProcess _ = operator(Optional.empty())) {
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(namespace.condition("Model", "digits", "Degraded"))
                                    .startsWith("True ImageMissing")
                                    .contains("nowhere.invalid/none:1", "what to do"));
            assertThat(
                            client.services()
                                    .inNamespace(namespace.name())
                                    .withName("digits-server")
                                    .get())
                    .isNotNull();
            assertThat(namespace.observedGeneration("Model", "digits")).isEqualTo(1);
        }
    }

    @Test
    void a_quota_that_is_used_up_and_a_node_that_is_full_are_said() {
        namespace.put(
                "Environment", "here", "{scaling: none, image: {name: nowhere.invalid/none:1}}");
        namespace.put("Model", "large", "{source: digits, resources: {cpu: 900}}");
        try (OperatorProcess _ = operator(Optional.empty())) {
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(namespace.condition("Model", "large", "Degraded"))
                                    .startsWith("True NodeFull"));

            namespace.put(
                    "Environment",
                    "here",
                    "{scaling: none, image: {name: nowhere.invalid/none:1}, quota: {pods: '0'}}");
            await().atMost(LIMIT)
                    .until(() ->
                            !client.resourceQuotas()
                                    .inNamespace(namespace.name())
                                    .list()
                                    .getItems()
                                    .isEmpty());
            namespace.put("Model", "second", "{source: digits}");

            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(namespace.condition("Model", "second", "Degraded"))
                                    .startsWith("True QuotaExceeded"));
        }
    }

    @Test
    void nothing_drifts_by_itself_and_what_is_changed_by_hand_is_set_back() {
        namespace.put(
                "Environment", "here", "{scaling: none, image: {name: nowhere.invalid/none:1}}");
        namespace.put("Model", "digits", "{source: digits, resources: {cpu: 0.5, memory: 1Gi}}");
        namespace.put("Gateway", "web", "{routes: [{path: /predict, model: digits}]}");
        try (OperatorProcess _ = operator(Optional.empty())) {
            await().atMost(LIMIT)
                    .until(() ->
                            namespace.deployment("web-gateway").isPresent()
                                    && namespace.deployment("digits-server").isPresent());
            namespace.settled();
            assertThat(namespace.events("DriftMended")).isEmpty();
            long before = grace();

            var _ =
                    client.apps()
                            .deployments()
                            .inNamespace(namespace.name())
                            .withName("digits-server")
                            .edit(it -> {
                                it.getSpec()
                                        .getTemplate()
                                        .getSpec()
                                        .setTerminationGracePeriodSeconds(before + 100);
                                return it;
                            });

            await().atMost(LIMIT)
                    .until(() ->
                            namespace.events("DriftMended").stream()
                                    .anyMatch(it -> it.contains("terminationGracePeriodSeconds")));
            await().atMost(LIMIT).until(() -> grace() == before);
        }
    }

    @Test
    void of_two_one_leads_and_the_other_takes_over_in_the_middle_of_the_work() {
        namespace.put(
                "Environment", "here", "{scaling: none, image: {name: nowhere.invalid/none:1}}");
        for (int i = 0; i < 8; i++) {
            namespace.put("Model", "m" + i, "{source: digits}");
        }
        OperatorProcess first = operator(Optional.of("first"));
        try (OperatorProcess second = operator(Optional.of("second"))) {
            await().atMost(LIMIT).until(first::leads);
            assertThat(second.leads()).isFalse();
            await().atMost(LIMIT).until(() -> namespace.deployment("m0-server").isPresent());

            first.close();

            await().atMost(LIMIT).until(second::leads);
            await().atMost(LIMIT)
                    .until(() -> {
                        for (int i = 0; i < 8; i++) {
                            if (namespace.deployment("m" + i + "-server").isEmpty()
                                    || namespace.observedGeneration("Model", "m" + i) != 1) {
                                return false;
                            }
                        }
                        return true;
                    });
        }
    }

    @Test
    void definitions_of_another_release_are_said() {
        namespace.annotate("models.tidemill.dev", Crds.DIGEST, "older");
        namespace.put("Model", "digits", "{source: digits}");
        try (OperatorProcess _ = operator(Optional.empty())) {
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(namespace.events("DefinitionsOutdated"))
                                    .anyMatch(it -> it.contains("models.tidemill.dev")));
        } finally {
            RealNamespace.define(client);
        }
    }

    @Test
    void a_namespace_that_is_deleted_is_said_and_nothing_is_made_in_it() {
        namespace.put("Model", "digits", "{source: digits}");
        namespace.hold("Model", "digits", true);
        try (OperatorProcess _ = operator(Optional.empty())) {
            await().atMost(LIMIT).until(() -> namespace.deployment("digits-server").isPresent());

            namespace.delete();

            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(namespace.condition("Model", "digits", "Degraded"))
                                    .startsWith("True NamespaceTerminating")
                                    .contains("what to do"));
        } finally {
            namespace.hold("Model", "digits", false);
        }
    }

    @Test
    void its_role_reads_no_secret() {
        List<KubeObject> objects =
                OperatorObjects.of(Platform.of(List.of(), Platform.ANY, Optional.empty(), "0.1.0"));
        for (KubeObject object : objects) {
            if (!object.kind().equals("Deployment")) {
                client.resource(
                                client.getKubernetesSerialization()
                                        .convertValue(
                                                object.fields(), GenericKubernetesResource.class))
                        .forceConflicts()
                        .serverSideApply();
            }
        }

        for (String verb : List.of("get", "list", "watch")) {
            assertThat(may(verb, "", "secrets")).as(verb).isFalse();
        }
        assertThat(may("create", "rbac.authorization.k8s.io", "clusterroles")).isFalse();
        assertThat(may("create", "", "pods/exec")).isFalse();
        await().atMost(LIMIT).until(() -> may("patch", "apps", "deployments"));
    }

    private long grace() {
        return namespace
                .deployment("digits-server")
                .orElseThrow()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getTerminationGracePeriodSeconds();
    }

    private static boolean may(String verb, String group, String resource) {
        SubjectAccessReview review =
                client.authorization()
                        .v1()
                        .subjectAccessReview()
                        .create(
                                new SubjectAccessReviewBuilder()
                                        .withNewSpec()
                                        .withUser(
                                                "system:serviceaccount:"
                                                        + OperatorObjects.NAMESPACE
                                                        + ":tidemill-operator")
                                        .withNewResourceAttributes()
                                        .withNamespace("default")
                                        .withVerb(verb)
                                        .withGroup(group)
                                        .withResource(resource)
                                        .endResourceAttributes()
                                        .endSpec()
                                        .build());
        return review.getStatus().getAllowed();
    }

    private OperatorProcess operator(Optional<String> identity) {
        OperatorProcess process =
                new OperatorProcess(
                        new OperatorConfig(
                                "127.0.0.1",
                                0,
                                Set.of(namespace.name()),
                                identity.map(_ -> namespace.name()),
                                identity.orElse("test"),
                                "0.1.0"),
                        (_, _, _, _) -> "{}",
                        new KubernetesClientBuilder().build(),
                        Duration.ofMillis(500),
                        () -> {});
        process.start();
        return process;
    }
}
