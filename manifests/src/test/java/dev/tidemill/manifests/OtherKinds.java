package dev.tidemill.manifests;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Keys that kinds of others have, as far as we use them, from their definitions: `istio/api`
/// `networking/v1`, KEDA's and the like, for which there are no types here. `*` is any key.
final class OtherKinds {
    private static final Map<String, Set<String>> KEYS =
            Map.of(
                    "external-secrets.io/v1 ExternalSecret",
                    Set.of(
                            "spec.refreshInterval",
                            "spec.secretStoreRef.name",
                            "spec.secretStoreRef.kind",
                            "spec.target.name",
                            "spec.target.creationPolicy",
                            "spec.target.deletionPolicy",
                            "spec.target.template.type",
                            "spec.data.secretKey",
                            "spec.data.remoteRef.key",
                            "spec.data.remoteRef.property"),
                    "secrets-store.csi.x-k8s.io/v1 SecretProviderClass",
                    Set.of(
                            "spec.provider",
                            "spec.parameters.*",
                            "spec.secretObjects.secretName",
                            "spec.secretObjects.type",
                            "spec.secretObjects.data.objectName",
                            "spec.secretObjects.data.key"),
                    "serving.kserve.io/v1alpha1 ServingRuntime",
                    Set.of(
                            "spec.annotations.*",
                            "spec.supportedModelFormats.name",
                            "spec.supportedModelFormats.version",
                            "spec.supportedModelFormats.autoSelect",
                            "spec.protocolVersions",
                            "spec.imagePullSecrets.name",
                            // Kubernetes' own.
                            "spec.containers.*",
                            "spec.volumes.*"),
                    "networking.istio.io/v1 VirtualService",
                    Set.of(
                            "spec.hosts",
                            "spec.http.match.port",
                            "spec.http.route.destination.host",
                            "spec.http.route.destination.subset",
                            "spec.http.route.destination.port.number",
                            "spec.http.route.weight"),
                    "networking.istio.io/v1 DestinationRule",
                    Set.of(
                            "spec.host",
                            "spec.trafficPolicy.loadBalancer.simple",
                            "spec.trafficPolicy.outlierDetection.consecutive5xxErrors",
                            "spec.trafficPolicy.outlierDetection.interval",
                            "spec.trafficPolicy.outlierDetection.baseEjectionTime",
                            "spec.trafficPolicy.outlierDetection.maxEjectionPercent",
                            "spec.subsets.name",
                            "spec.subsets.labels.*"));

    private OtherKinds() {}

    static boolean knows(KubeObject object) {
        return KEYS.containsKey(id(object));
    }

    static Set<String> unknownKeys(KubeObject object) {
        Set<String> known = KEYS.getOrDefault(id(object), Set.of());
        Set<String> unknown = new TreeSet<>();
        for (String path : paths("spec", object.fields().get("spec"))) {
            boolean any =
                    known.stream()
                            .filter(key -> key.endsWith(".*"))
                            .anyMatch(key -> path.startsWith(key.substring(0, key.length() - 1)));
            if (!any && !known.contains(path)) {
                unknown.add(path);
            }
        }
        return unknown;
    }

    private static String id(KubeObject object) {
        return object.apiVersion() + " " + object.kind();
    }

    private static List<String> paths(String at, Object value) {
        List<String> paths = new ArrayList<>();
        switch (value) {
            case Map<?, ?> map ->
                    map.forEach((key, inner) -> paths.addAll(paths(at + "." + key, inner)));
            case List<?> list -> list.forEach(item -> paths.addAll(paths(at, item)));
            default -> paths.add(at);
        }
        return paths;
    }
}
