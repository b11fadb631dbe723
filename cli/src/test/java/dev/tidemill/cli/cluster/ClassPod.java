package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.ObjectRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A pod that runs one class of these tests by the image's Java: the class file comes in a
/// ConfigMap, so nothing is compiled there.
final class ClassPod implements AutoCloseable {
    static final String CONTAINER = "java";
    static final String FOLDER = "/class";

    private final RealCluster real;
    private final ObjectRef pod;
    private final ObjectRef files;

    /// @param texts files beside it, under [#FOLDER]
    ClassPod(
            RealCluster real,
            String name,
            String image,
            Class<?> main,
            Map<String, String> texts,
            List<String> arguments) {
        this.real = real;
        this.pod = real.ref("v1", "Pod", name);
        this.files = real.ref("v1", "ConfigMap", name);
        remove();
        real.create(
                files,
                Map.of(
                        "data",
                        texts,
                        "binaryData",
                        Map.of("main.class", Base64.getEncoder().encodeToString(bytes(main)))));
        real.create(
                pod,
                Map.of("spec", spec(name, image, main, List.copyOf(texts.keySet()), arguments)));
    }

    ObjectRef pod() {
        return pod;
    }

    /// The last lines that it wrote.
    List<String> log(int lines) {
        return real.client().log(real.namespace(), pod.name(), CONTAINER, lines, false);
    }

    /// The image's Java, kept small.
    static List<String> java(String classes) {
        return List.of(
                "/opt/java/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                classes);
    }

    static byte[] bytes(Class<?> main) {
        try (InputStream in = main.getResourceAsStream(main.getSimpleName() + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> spec(
            String name, String image, Class<?> main, List<String> texts, List<String> arguments) {
        List<String> command = new ArrayList<>(java(FOLDER));
        command.add(main.getName());
        command.addAll(arguments);
        List<Map<String, String>> items = new ArrayList<>();
        items.add(Map.of("key", "main.class", "path", main.getName().replace('.', '/') + ".class"));
        texts.forEach(text -> items.add(Map.of("key", text, "path", text)));
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("name", CONTAINER);
        container.put("image", image);
        container.put("imagePullPolicy", "IfNotPresent");
        container.put("command", command);
        container.put("resources", Map.of("requests", Map.of("cpu", "100m", "memory", "128Mi")));
        container.put(
                "securityContext",
                Map.of(
                        "allowPrivilegeEscalation",
                        false,
                        "capabilities",
                        Map.of("drop", List.of("ALL"))));
        container.put("volumeMounts", List.of(Map.of("name", "class", "mountPath", FOLDER)));
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
                        10_001,
                        "seccompProfile",
                        Map.of("type", "RuntimeDefault")),
                "containers",
                List.of(container),
                "volumes",
                List.of(
                        Map.of(
                                "name",
                                "class",
                                "configMap",
                                Map.of("name", name, "items", items))));
    }

    private void remove() {
        real.client().kill(pod);
        real.client().delete(files);
        Waits.until("pod " + pod.name() + " is gone", () -> real.client().get(pod).isEmpty());
    }

    @Override
    public void close() {
        real.client().kill(pod);
        real.client().delete(files);
    }
}
