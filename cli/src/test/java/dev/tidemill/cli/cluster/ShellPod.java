package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A script that an image's shell runs once beside a volume: what is on it only a pod sees.
///
/// @param user that owns the files
/// @param claim of the volume, which is at `/volume`
/// @param files names a ConfigMap whose entries are at `/files`; none when empty
record ShellPod(RealCluster real, String image, int user, String claim, Optional<String> files) {
    private static final String CONTAINER = "shell";
    private static final int LINES = 100;

    /// @return what it wrote, of a script that ended well
    String run(String name, String script) {
        ObjectRef pod = real.ref("v1", "Pod", name);
        real.create(pod, Map.of("spec", spec(script)));
        try {
            var _ = Waits.until(name + " has ended", () -> phase(pod).matches("Succeeded|Failed"));
            String text =
                    String.join(
                            "\n",
                            real.client()
                                    .log(real.namespace(), pod.name(), CONTAINER, LINES, false));
            assertThat(phase(pod)).as("%s: %s", name, text).isEqualTo("Succeeded");
            return text;
        } finally {
            real.client().kill(pod);
        }
    }

    private String phase(ObjectRef pod) {
        return real.client().get(pod).orElseThrow().text("status", "phase");
    }

    private Map<String, Object> spec(String script) {
        return Map.of(
                "restartPolicy",
                "Never",
                "automountServiceAccountToken",
                false,
                "terminationGracePeriodSeconds",
                0,
                "securityContext",
                Map.of(
                        "runAsNonRoot",
                        true,
                        "runAsUser",
                        user,
                        "runAsGroup",
                        user,
                        "fsGroup",
                        user,
                        "seccompProfile",
                        Map.of("type", "RuntimeDefault")),
                "containers",
                List.of(
                        Map.of(
                                "name",
                                CONTAINER,
                                "image",
                                image,
                                "imagePullPolicy",
                                "IfNotPresent",
                                "command",
                                List.of("sh", "-euc", script),
                                "resources",
                                Map.of("requests", Map.of("cpu", "100m", "memory", "128Mi")),
                                "securityContext",
                                Map.of(
                                        "allowPrivilegeEscalation",
                                        false,
                                        "capabilities",
                                        Map.of("drop", List.of("ALL"))),
                                "volumeMounts",
                                List.of(
                                        Map.of("name", "volume", "mountPath", "/volume"),
                                        Map.of("name", "files", "mountPath", "/files")))),
                "volumes",
                List.of(
                        Map.of(
                                "name",
                                "volume",
                                "persistentVolumeClaim",
                                Map.of("claimName", claim)),
                        files.isPresent()
                                ? Map.of("name", "files", "configMap", Map.of("name", files.get()))
                                : Map.of("name", "files", "emptyDir", Map.of())));
    }
}
