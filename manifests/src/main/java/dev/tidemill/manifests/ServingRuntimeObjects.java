package dev.tidemill.manifests;

import java.util.List;
import java.util.Map;

/// Our server as KServe knows servers, for InferenceServices of models in ONNX: a ServingRuntime
/// where a namespace is named, and a ClusterServingRuntime for everybody where none is. KServe puts
/// the model at `/mnt/models` and its name in the place of `{{.Name}}`.
public final class ServingRuntimeObjects {
    /// Of the container that KServe looks for.
    private static final String CONTAINER = "kserve-container";

    private static final String MODEL = "/mnt/models";
    private static final String DATA = "/var/lib/tidemill";

    private ServingRuntimeObjects() {}

    /// @param platform whose environment says namespace and image
    public static List<KubeObject> of(Platform platform) {
        Scope scope = new Scope(platform, "tidemill-onnx", "serving-runtime", Map.of());
        boolean shared = platform.environment().namespace().isEmpty();
        return List.of(
                scope.object(
                        "serving.kserve.io/v1alpha1",
                        shared ? "ClusterServingRuntime" : "ServingRuntime",
                        "spec",
                        Tree.of(
                                "annotations",
                                Tree.of(
                                        "prometheus.kserve.io/port",
                                        String.valueOf(ServerObjects.HTTP),
                                        "prometheus.kserve.io/path",
                                        "/metrics"),
                                "supportedModelFormats",
                                List.of(
                                        Tree.of(
                                                "name",
                                                "onnx",
                                                "version",
                                                "1",
                                                "autoSelect",
                                                true)),
                                "protocolVersions",
                                List.of("v1", "v2", "grpc-v2"),
                                "imagePullSecrets",
                                Tree.some(scope.pullSecrets()),
                                "containers",
                                List.of(container(scope)),
                                "volumes",
                                List.of(Pods.empty("tmp"), Pods.empty("data")))));
    }

    private static Map<String, Object> container(Scope scope) {
        return Container.of(
                CONTAINER,
                scope.platform().image(),
                scope.environment().image().pullPolicy(),
                "args",
                List.of(
                        "serve",
                        "--host=0.0.0.0",
                        "--http-port=" + ServerObjects.HTTP,
                        "--grpc-port=" + ServerObjects.GRPC,
                        "--model-folder={{.Name}}=" + MODEL,
                        "--v1-flavour=kserve",
                        "--strict-readiness"),
                "env",
                List.of(
                        Pods.variable("TIDEMILL_JAVA_OPTS", "-XX:MaxRAMPercentage=50"),
                        Pods.variable("TIDEMILL_DATA", DATA)),
                "resources",
                Tree.of(
                        "requests",
                        Tree.of("cpu", "1", "memory", "2Gi"),
                        "limits",
                        Tree.of("cpu", "1", "memory", "2Gi")),
                "readinessProbe",
                probe("/health/ready", 5, 3),
                "livenessProbe",
                probe("/health/live", 10, 6),
                "securityContext",
                Tree.with(
                        Pods.containerSecurity(),
                        // The pod is KServe's, and what a pod of ours says for all of it is said
                        // here.
                        Tree.of(
                                "runAsNonRoot",
                                true,
                                "runAsUser",
                                Pods.USER,
                                "seccompProfile",
                                Tree.of("type", "RuntimeDefault"))),
                "volumeMounts",
                List.of(Pods.mount("tmp", "/tmp"), Pods.mount("data", DATA)));
    }

    private static Map<String, Object> probe(String path, int period, int failures) {
        return Tree.with(
                Pods.probe(path, "http", period, 2, failures),
                Tree.of("httpGet", Tree.of("path", path, "port", ServerObjects.HTTP)));
    }
}
