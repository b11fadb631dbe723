package dev.tidemill.operator.kube;

import dev.tidemill.manifests.TrainJobObjects;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;

/// The kinds that are watched.
///
/// @param optional whether a cluster may not know it
record Kinds(String apiVersion, String kind, String plural, boolean optional) {
    static final String OURS = "tidemill.dev/v1alpha1";

    static final Kinds GATEWAY = new Kinds(OURS, "Gateway", "gateways", false);
    static final Kinds ENVIRONMENT = new Kinds(OURS, "Environment", "environments", false);

    /// What people write.
    static final List<Kinds> DECLARED =
            List.of(
                    new Kinds(OURS, "Model", "models", false),
                    new Kinds(OURS, "App", "apps", false),
                    GATEWAY,
                    new Kinds(OURS, "Training", "trainings", false),
                    ENVIRONMENT);

    static final Kinds DEPLOYMENT = new Kinds("apps/v1", "Deployment", "deployments", false);
    static final Kinds STATEFUL_SET = new Kinds("apps/v1", "StatefulSet", "statefulsets", false);

    static final Kinds JOB = new Kinds("batch/v1", "Job", "jobs", false);

    /// Of Kubeflow.
    static final Kinds TRAIN_JOB =
            new Kinds(TrainJobObjects.API_VERSION, TrainJobObjects.KIND, "trainjobs", true);

    /// Those of others are watched too: two may not scale one Deployment.
    static final Kinds SCALER =
            new Kinds(
                    "autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", false);

    static final Kinds SCALED_OBJECT =
            new Kinds("keda.sh/v1alpha1", "ScaledObject", "scaledobjects", true);

    /// What is made of it.
    static final List<Kinds> MADE =
            List.of(
                    new Kinds("v1", "ResourceQuota", "resourcequotas", false),
                    new Kinds("v1", "LimitRange", "limitranges", false),
                    new Kinds("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", false),
                    new Kinds("v1", "ServiceAccount", "serviceaccounts", false),
                    new Kinds("rbac.authorization.k8s.io/v1", "Role", "roles", false),
                    new Kinds("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", false),
                    new Kinds("v1", "ConfigMap", "configmaps", false),
                    new Kinds("v1", "Service", "services", false),
                    STATEFUL_SET,
                    DEPLOYMENT,
                    TRAIN_JOB,
                    JOB,
                    new Kinds("batch/v1", "CronJob", "cronjobs", false),
                    SCALER,
                    SCALED_OBJECT,
                    new Kinds("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", false),
                    new Kinds("networking.k8s.io/v1", "Ingress", "ingresses", false),
                    new Kinds("cert-manager.io/v1", "Certificate", "certificates", true),
                    new Kinds("external-secrets.io/v1", "ExternalSecret", "externalsecrets", true),
                    new Kinds(
                            "secrets-store.csi.x-k8s.io/v1",
                            "SecretProviderClass",
                            "secretproviderclasses",
                            true),
                    new Kinds("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes", true),
                    new Kinds(
                            "networking.istio.io/v1", "DestinationRule", "destinationrules", true),
                    new Kinds("networking.istio.io/v1", "VirtualService", "virtualservices", true),
                    new Kinds(
                            "monitoring.coreos.com/v1", "ServiceMonitor", "servicemonitors", true),
                    new Kinds("monitoring.coreos.com/v1", "PodMonitor", "podmonitors", true));

    /// What is made and never looked at again, let alone removed, by kind its plural: the
    /// cluster's, and volumes whose content nobody can make again.
    static final Map<String, String> MADE_ONCE =
            Map.of(
                    "PriorityClass", "priorityclasses",
                    "PersistentVolumeClaim", "persistentvolumeclaims");

    static final Kinds POD = new Kinds("v1", "Pod", "pods", false);

    /// For calls about resources of the kind, which are all in namespaces.
    ResourceDefinitionContext context() {
        return context(apiVersion, kind, plural, true);
    }

    static ResourceDefinitionContext context(
            String apiVersion, String kind, String plural, boolean namespaced) {
        int slash = apiVersion.indexOf('/');
        return new ResourceDefinitionContext.Builder()
                .withGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
                .withVersion(apiVersion.substring(slash + 1))
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }
}
