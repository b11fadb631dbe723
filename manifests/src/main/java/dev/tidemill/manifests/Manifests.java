package dev.tidemill.manifests;

import dev.tidemill.spec.ModelPool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Everything that runs a platform on a cluster, in the order in which it can be applied.
public final class Manifests {
    /// What others need comes first; within a kind by name.
    private static final List<String> ORDER =
            List.of(
                    "Namespace",
                    "PriorityClass",
                    "ResourceQuota",
                    "LimitRange",
                    "NetworkPolicy",
                    "ServiceAccount",
                    "Role",
                    "RoleBinding",
                    "ConfigMap",
                    "ExternalSecret",
                    "SecretProviderClass",
                    "Certificate",
                    "PersistentVolumeClaim",
                    "Service",
                    "StatefulSet",
                    "Deployment",
                    "CronJob",
                    "HorizontalPodAutoscaler",
                    "ScaledObject",
                    "Job",
                    "PodDisruptionBudget",
                    "Ingress",
                    "HTTPRoute",
                    "DestinationRule",
                    "VirtualService",
                    "ServiceMonitor",
                    "PodMonitor");

    private Manifests() {}

    public static List<KubeObject> of(Platform platform) {
        List<ModelPool> pools = ModelPool.of(platform.models());
        List<KubeObject> objects = new ArrayList<>(NamespaceObjects.of(platform));
        objects.addAll(NetworkObjects.of(platform, pools));
        objects.addAll(ExternalSecretObjects.of(platform));
        objects.addAll(StateObjects.of(platform));
        objects.addAll(ControlObjects.of(platform));
        objects.addAll(MutualTlsObjects.of(platform));
        pools.forEach(pool -> objects.addAll(ServerObjects.of(platform, pool)));
        platform.apps().forEach(app -> objects.addAll(AppObjects.of(platform, app)));
        platform.gateway()
                .ifPresent(gateway ->
                        objects.addAll(
                                GatewayObjects.of(
                                        platform,
                                        gateway,
                                        platform.gatewayConfig().orElseThrow())));
        platform.environment()
                .monitoring()
                .ifPresent(monitoring -> {
                    objects.add(MonitorObjects.service(ControlObjects.scope(platform), monitoring));
                    pools.forEach(pool ->
                            objects.add(
                                    MonitorObjects.service(
                                            ServerObjects.scope(platform, pool), monitoring)));
                    platform.gateway()
                            .ifPresent(gateway ->
                                    objects.add(
                                            MonitorObjects.pods(
                                                    GatewayObjects.scope(platform, gateway),
                                                    monitoring)));
                });
        List<KubeObject> all = new ArrayList<>(ExternalSecretObjects.mounted(platform, objects));
        all.sort(
                Comparator.comparingInt((KubeObject object) -> ORDER.indexOf(object.kind()))
                        .thenComparing(KubeObject::name));
        return all;
    }
}
