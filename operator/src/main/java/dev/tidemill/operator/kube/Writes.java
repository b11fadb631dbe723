package dev.tidemill.operator.kube;

import dev.tidemill.manifests.MadeSecret;
import dev.tidemill.operator.act.Action;
import dev.tidemill.operator.act.ObjectKey;
import dev.tidemill.operator.plan.Owner;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Everything that is written to the API server.
final class Writes {
    static final String MANAGER = "tidemill-operator";

    /// Of an event's message, by the API server's rule.
    private static final int MOST = 1024;

    private static final int TOKEN_BYTES = 32;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final OperatorMetrics metrics;
    private final String identity;

    Writes(KubernetesClient client, InstantSource clock, OperatorMetrics metrics, String identity) {
        this.client = client;
        this.clock = clock;
        this.metrics = metrics;
        this.identity = identity;
    }

    /// Server-side apply.
    ///
    /// @return the object as it is then
    GenericKubernetesResource apply(String namespace, Action.Apply action) {
        GenericKubernetesResource item =
                client.getKubernetesSerialization()
                        .convertValue(action.wanted().tree(), GenericKubernetesResource.class);
        Resource<GenericKubernetesResource> resource =
                action.key().kind().equals("PriorityClass")
                        ? on(action.key()).resource(item)
                        : on(action.key()).inNamespace(namespace).resource(item);
        metrics.wrote("apply");
        // An object that we do not know yet may be somebody's: what is theirs is not taken.
        return action.why() == Action.Why.NEW
                ? resource.fieldManager(MANAGER).serverSideApply()
                : resource.fieldManager(MANAGER).forceConflicts().serverSideApply();
    }

    /// A Secret, where there is none: one that is there stays, and nobody here can read it.
    void secret(String namespace, MadeSecret secret) {
        metrics.wrote("secret");
        try {
            var _ =
                    client.secrets()
                            .inNamespace(namespace)
                            .resource(
                                    new SecretBuilder()
                                            .withNewMetadata()
                                            .withName(secret.name())
                                            .withNamespace(namespace)
                                            .addToLabels("app.kubernetes.io/part-of", "tidemill")
                                            .endMetadata()
                                            .withType("Opaque")
                                            .withStringData(secret.data(Writes::token))
                                            .build())
                            .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    private static String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    void scale(String namespace, String deployment, int replicas) {
        metrics.wrote("scale");
        var _ =
                on(new ObjectKey("apps/v1", "Deployment", deployment))
                        .inNamespace(namespace)
                        .withName(deployment)
                        .subresource("scale")
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"spec\":{\"replicas\":%d}}".formatted(replicas));
    }

    /// How long a Job that has ended stays.
    void timeToLive(String namespace, ObjectKey job, long seconds) {
        metrics.wrote("apply");
        var _ =
                on(job).inNamespace(namespace)
                        .withName(job.name())
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"spec\":{\"ttlSecondsAfterFinished\":%d}}".formatted(seconds));
    }

    void delete(String namespace, ObjectKey key) {
        metrics.wrote("delete");
        var _ =
                on(key).inNamespace(namespace)
                        .withName(key.name())
                        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                        .delete();
    }

    void status(String namespace, Owner owner, Map<String, Object> status) {
        ObjectKey key = new ObjectKey(Kinds.OURS, owner.kind(), owner.name());
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("status", status);
        metrics.wrote("status");
        var _ =
                on(key).inNamespace(namespace)
                        .withName(owner.name())
                        .subresource("status")
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                client.getKubernetesSerialization().asJson(tree));
    }

    /// @param type `Normal` or `Warning`
    void event(
            String namespace, Owner owner, String uid, String type, String reason, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        metrics.wrote("event");
        var _ =
                client.v1()
                        .events()
                        .inNamespace(namespace)
                        .resource(
                                new EventBuilder()
                                        .withNewMetadata()
                                        .withGenerateName(owner.name() + ".")
                                        .withNamespace(namespace)
                                        .endMetadata()
                                        .withNewInvolvedObject()
                                        .withApiVersion(Kinds.OURS)
                                        .withKind(owner.kind())
                                        .withName(owner.name())
                                        .withNamespace(namespace)
                                        .withUid(uid)
                                        .endInvolvedObject()
                                        .withType(type)
                                        .withReason(reason)
                                        .withMessage(
                                                message.substring(
                                                        0, Math.min(MOST, message.length())))
                                        .withNewSource()
                                        .withComponent(MANAGER)
                                        .withHost(identity)
                                        .endSource()
                                        .withFirstTimestamp(now)
                                        .withLastTimestamp(now)
                                        .withCount(1)
                                        .build())
                        .create();
    }

    private MixedOperation<
                    GenericKubernetesResource,
                    GenericKubernetesResourceList,
                    Resource<GenericKubernetesResource>>
            on(ObjectKey key) {
        return client.genericKubernetesResources(context(key));
    }

    private static ResourceDefinitionContext context(ObjectKey key) {
        return Stream.concat(Kinds.DECLARED.stream(), Kinds.MADE.stream())
                .filter(kind -> kind.kind().equals(key.kind()))
                .findFirst()
                .map(Kinds::context)
                .orElseGet(() ->
                        Kinds.context(
                                key.apiVersion(),
                                key.kind(),
                                Kinds.MADE_ONCE.getOrDefault(key.kind(), ""),
                                !key.kind().equals("PriorityClass")));
    }
}
