package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.cluster.rollout.PodTroubles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/// Clients in a pod of the cluster, who ask the gateway's Service all the time: as load comes on
/// any cluster, whose Services nobody outside can reach.
final class LoadPod implements AutoCloseable {
    /// What came of it.
    record Count(long right, long failed, long slowestMillis, String first) {}

    private static final Pattern LINE =
            Pattern.compile("right=(\\d+) failed=(\\d+) slowest=(\\d+) first=(.*)");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final RealCluster real;
    private final ObjectRef pod;
    private final ObjectRef files;

    private LoadPod(RealCluster real, String name) {
        this.real = real;
        this.pod = real.ref("v1", "Pod", name);
        this.files = real.ref("v1", "ConfigMap", name);
    }

    /// Returns when the first answers are there.
    static LoadPod start(RealCluster real, String name, String image) throws IOException {
        LoadPod load = new LoadPod(real, name);
        load.create(name, image);
        load.await(count -> count.right() > 20);
        return load;
    }

    private void create(String name, String image) throws IOException {
        String program;
        try (InputStream in = LoadPod.class.getResourceAsStream("/cluster/Load.java")) {
            program = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String body = Files.readString(Path.of("..", "examples", "quickstart", "seven.json"));
        real.client()
                .create(
                        files,
                        Map.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "ConfigMap",
                                "metadata",
                                Map.of("name", name, "namespace", real.namespace()),
                                "data",
                                Map.of("Load.java", program, "body.json", body)));
        real.client()
                .create(
                        pod,
                        Map.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Pod",
                                "metadata",
                                Map.of("name", name, "namespace", real.namespace()),
                                "spec",
                                spec(name, image)));
    }

    private static Map<String, Object> spec(String name, String image) {
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
                List.of(
                        Map.of(
                                "name",
                                "load",
                                "image",
                                image,
                                "command",
                                List.of(
                                        "/opt/java/bin/java",
                                        "-XX:TieredStopAtLevel=1",
                                        "-XX:+UseSerialGC",
                                        "/load/Load.java",
                                        "http://gateway:8080/v2/models/digits/infer",
                                        "/load/body.json",
                                        "\"7\"",
                                        "4"),
                                "resources",
                                Map.of("requests", Map.of("cpu", "100m", "memory", "128Mi")),
                                "securityContext",
                                Map.of(
                                        "allowPrivilegeEscalation",
                                        false,
                                        "capabilities",
                                        Map.of("drop", List.of("ALL"))),
                                "volumeMounts",
                                List.of(Map.of("name", "load", "mountPath", "/load")))),
                "volumes",
                List.of(Map.of("name", "load", "configMap", Map.of("name", name))));
    }

    Count count() {
        List<String> lines = real.client().log(real.namespace(), pod.name(), "load", 1, false);
        Matcher line = LINE.matcher(lines.isEmpty() ? "" : lines.getLast());
        return line.matches()
                ? new Count(
                        Long.parseLong(line.group(1)),
                        Long.parseLong(line.group(2)),
                        Long.parseLong(line.group(3)),
                        line.group(4))
                : new Count(0, 0, 0, String.join("\n", lines));
    }

    /// Waits for so many more right answers, and wants none that failed, ever.
    void goesOnWithoutAFailure() {
        long before = count().right();
        await(count -> count.right() > before + 50);
        Count count = count();
        System.out.println("load: " + count);
        assertThat(count.failed()).as(count.first()).isZero();
    }

    private void await(java.util.function.Predicate<Count> wanted) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(300))
                .failFast(
                        "load ended: " + pod.name(),
                        () ->
                                real.client()
                                        .get(pod)
                                        .filter(p -> PodTroubles.crashed(p).isPresent())
                                        .isPresent())
                .until(this::count, wanted);
    }

    @Override
    public void close() {
        real.client().delete(pod);
        real.client().delete(files);
    }
}
