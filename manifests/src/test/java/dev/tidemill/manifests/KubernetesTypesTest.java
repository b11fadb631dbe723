package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemill.manifests.crd.Crds;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Everything that is made fits Kubernetes' own types: no key that they do not have, no value of
/// another type.
final class KubernetesTypesTest {
    private static final Map<String, Class<?>> TYPES = new LinkedHashMap<>();

    static {
        List.of(
                        ConfigMap.class,
                        Deployment.class,
                        HTTPRoute.class,
                        HorizontalPodAutoscaler.class,
                        Ingress.class,
                        LimitRange.class,
                        Namespace.class,
                        NetworkPolicy.class,
                        PodDisruptionBudget.class,
                        PriorityClass.class,
                        ResourceQuota.class,
                        Service.class,
                        ServiceAccount.class,
                        StatefulSet.class)
                .forEach(type -> TYPES.put(type.getSimpleName(), type));
    }

    /// The Prometheus Operator's, whose few keys the golden files show.
    private static final Set<String> OTHERS = Set.of("ServiceMonitor", "PodMonitor");

    /// The types keep keys that they do not know: here those are refused.
    private static final JsonMapper STRICT =
            JsonMapper.builder()
                    .annotationIntrospector(
                            new JacksonAnnotationIntrospector() {
                                @Override
                                public Boolean hasAnySetter(Annotated annotated) {
                                    return false;
                                }
                            })
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    @Test
    void every_object_is_one_of_kubernetes() throws Exception {
        List<KubeObject> objects =
                Manifests.of(
                        Sample.platform(
                                Sample.MODELS, Sample.APP, Sample.GATEWAY, Sample.ENVIRONMENT));

        assertThat(objects.stream().map(KubeObject::kind).toList())
                .containsAll(TYPES.keySet())
                .containsAll(OTHERS);
        for (KubeObject object : objects) {
            if (!OTHERS.contains(object.kind())) {
                Class<?> type = TYPES.get(object.kind());
                assertThat(STRICT.readValue(STRICT.writeValueAsString(object.fields()), type))
                        .as(object.id())
                        .isNotNull();
            }
        }
    }

    @Test
    void stores_and_their_backups_are_ones_of_kubernetes() throws Exception {
        Map<String, Class<?>> types = new LinkedHashMap<>(TYPES);
        types.put("CronJob", CronJob.class);
        types.put("PersistentVolumeClaim", PersistentVolumeClaim.class);
        List<KubeObject> objects = Manifests.of(Sample.platform(Sample.MODELS, Sample.MADE));

        assertThat(objects.stream().map(KubeObject::kind))
                .contains("CronJob", "PersistentVolumeClaim");
        for (KubeObject object : objects) {
            assertThat(
                            STRICT.readValue(
                                    STRICT.writeValueAsString(object.fields()),
                                    types.get(object.kind())))
                    .as(object.id())
                    .isNotNull();
        }
    }

    @Test
    void images_of_models_are_volumes_of_kubernetes_and_a_serving_runtime_has_its_containers()
            throws Exception {
        for (String models : List.of("volume", "copy")) {
            KubeObject server =
                    Sample.find(
                            Manifests.of(Sample.platform(Sample.ofImage(models))),
                            "deployment/digits-server");
            assertThat(
                            STRICT.readValue(
                                    STRICT.writeValueAsString(server.fields()), Deployment.class))
                    .isNotNull();
        }
        Object container =
                Sample.at(
                        ServingRuntimeObjects.of(Sample.platform(Sample.ENVIRONMENT)).getFirst(),
                        "spec.containers.0");
        assertThat(STRICT.readValue(STRICT.writeValueAsString(container), Container.class))
                .isNotNull();
    }

    @Test
    void what_others_define_has_no_keys_but_theirs_and_the_rest_is_kubernetes_own()
            throws Exception {
        Map<String, Class<?>> types = new LinkedHashMap<>(TYPES);
        types.put("CronJob", CronJob.class);
        types.put("Job", Job.class);
        types.put("Role", Role.class);
        types.put("RoleBinding", RoleBinding.class);
        List<KubeObject> objects =
                Manifests.of(
                        Sample.platform(
                                Sample.VERSIONS, Sample.SCHEDULED, Sample.rollouts("istio")));

        assertThat(objects.stream().map(KubeObject::kind))
                .contains("VirtualService", "DestinationRule", "HTTPRoute", "CronJob", "Job")
                .contains("Role", "RoleBinding");
        for (KubeObject object : objects) {
            if (OtherKinds.knows(object)) {
                assertThat(OtherKinds.unknownKeys(object)).as(object.id()).isEmpty();
            } else {
                assertThat(
                                STRICT.readValue(
                                        STRICT.writeValueAsString(object.fields()),
                                        types.get(object.kind())))
                        .as(object.id())
                        .isNotNull();
            }
        }
    }

    @Test
    void the_operators_objects_and_the_definitions_are_ones_of_kubernetes() throws Exception {
        Map<String, Class<?>> types = new LinkedHashMap<>(TYPES);
        types.put("ClusterRole", ClusterRole.class);
        types.put("ClusterRoleBinding", ClusterRoleBinding.class);
        types.put("Role", Role.class);
        types.put("RoleBinding", RoleBinding.class);
        types.put("CustomResourceDefinition", CustomResourceDefinition.class);
        List<KubeObject> objects =
                new ArrayList<>(
                        OperatorObjects.of(
                                Platform.of(List.of(), Platform.ANY, Optional.empty(), "0.1.0")));
        objects.addAll(Crds.all());

        for (KubeObject object : objects) {
            assertThat(
                            STRICT.readValue(
                                    STRICT.writeValueAsString(object.fields()),
                                    types.get(object.kind())))
                    .as(object.id())
                    .isNotNull();
        }
    }

    @Test
    void a_key_that_kubernetes_does_not_have_is_found() {
        Map<String, Object> wrong = Tree.of("kind", "Service", "spec", Tree.of("selectr", "x"));

        assertThatThrownBy(() -> STRICT.readValue(STRICT.writeValueAsString(wrong), Service.class))
                .hasMessageContaining("selectr");
    }
}
