package dev.tidemill.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.Manifests;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our own processes start with what a pod finds in its ConfigMap, by the arguments that its
/// container has. Only ports, names and folders are this machine's.
final class RenderedConfigIT {
    private final List<Process> children = new ArrayList<>();

    @TempDir Path folder;

    @AfterEach
    void stop() {
        children.forEach(Process::destroyForcibly);
    }

    @Test
    void the_gateway_starts_with_its_config_map() throws Exception {
        List<KubeObject> objects =
                Manifests.of(
                        new ClusterFile(
                                        Path.of("..", "examples", "quickstart", "tidemill.yaml"),
                                        "0.1.0")
                                .platform(Optional.empty()));
        String config =
                data(objects, "gateway", "gateway.json")
                        .replaceAll("\"port\"\\s*:\\s*8080", "\"port\" : 0")
                        .replaceAll("\"adminPort\"\\s*:\\s*9090", "\"adminPort\" : 0")
                        .replace("http://digits-server-pods", "http://localhost");
        Process gateway = start(objects, "deployment/gateway", "gateway.json", config);

        List<String> said = readyOrEnd(gateway);

        assertThat(said).contains("{\"event\":\"ready\"}");
        gateway.destroy();
        assertThat(gateway.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void control_starts_with_its_config_map() throws Exception {
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Files.writeString(tokens.resolve("admin"), "a-token");
        List<KubeObject> objects =
                Manifests.of(
                        new ClusterFile(
                                        Path.of("..", "examples", "quickstart", "tidemill.yaml"),
                                        "0.1.0")
                                .platform(Optional.empty()));
        String config =
                data(objects, "control", "control.json")
                        .replace("\"port\" : 8080", "\"port\" : 0")
                        .replace("/etc/tidemill/tokens", tokens.toString())
                        .replace("/var/lib/tidemill", folder.resolve("data").toString());
        Process control = start(objects, "statefulset/control", "control.json", config);

        List<String> said = readyOrEnd(control);

        assertThat(said).contains("{\"event\":\"ready\"}");
        control.destroy();
        assertThat(control.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private Process start(List<KubeObject> objects, String workload, String name, String config)
            throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, config);
        List<String> arguments =
                arguments(objects, workload).stream()
                        .map(argument -> argument.replace("/etc/tidemill/" + name, file.toString()))
                        .toList();
        Process process =
                new ProcessBuilder(
                                JavaCommand.of(System.getProperties())
                                        .with(
                                                List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"),
                                                arguments))
                        .redirectErrorStream(true)
                        .start();
        children.add(process);
        return process;
    }

    private static List<String> readyOrEnd(Process process) throws IOException {
        List<String> said = new ArrayList<>();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.add(line);
            if (line.equals("{\"event\":\"ready\"}")) {
                return said;
            }
        }
        return said;
    }

    private static String data(List<KubeObject> objects, String name, String key) {
        return (String) map(find(objects, "configmap/" + name).fields(), "data").get(key);
    }

    private static List<String> arguments(List<KubeObject> objects, String id) {
        Map<?, ?> pod = map(map(map(find(objects, id).fields(), "spec"), "template"), "spec");
        Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).getFirst();
        return ((List<?>) container.get("args")).stream().map(String::valueOf).toList();
    }

    private static KubeObject find(List<KubeObject> objects, String id) {
        return objects.stream()
                .filter(object -> object.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id));
    }

    private static Map<?, ?> map(Map<?, ?> parent, String key) {
        return (Map<?, ?>) parent.get(key);
    }
}
