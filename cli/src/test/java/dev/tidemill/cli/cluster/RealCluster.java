package dev.tidemill.cli.cluster;

import dev.tidemill.cli.command.Root;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.ClusterTarget;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.cluster.apply.Applier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The cluster of `KUBECONFIG`, with a namespace of its own for a test class, and our commands as
/// they are typed.
final class RealCluster implements AutoCloseable {
    /// What a command did.
    record Done(int code, String text) {}

    private final Cluster cluster;
    private final String namespace;
    private final Path folder;

    private RealCluster(Cluster cluster, String namespace, Path folder) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.folder = folder;
    }

    /// @param folder where a copy of the quickstart goes, in that namespace
    static RealCluster open(String namespace, Path folder) {
        Assumptions.assumeTrue(
                System.getenv("KUBECONFIG") != null,
                "no cluster: KUBECONFIG names none (dev/with-cluster starts one where it can)");
        copy(Path.of("..", "examples", "quickstart"), folder);
        RealCluster real =
                new RealCluster(
                        Cluster.open(ClusterTarget.CURRENT.in(Optional.of(namespace))),
                        namespace,
                        folder);
        real.edit("namespace: quickstart", "namespace: " + namespace);
        return real;
    }

    Cluster client() {
        return cluster;
    }

    String namespace() {
        return namespace;
    }

    Path file() {
        return folder.resolve("tidemill.yaml");
    }

    /// Changes the file.
    void edit(String from, String to) {
        try {
            String text = Files.readString(file());
            if (!text.contains(from)) {
                throw new AssertionError("not in the file: " + from);
            }
            Files.writeString(file(), text.replace(from, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a command; what it prints is printed too, for whoever reads the report.
    Done run(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int code = Root.commandLine(out, out, InstantSource.system()).execute(arguments);
        String text = bytes.toString(StandardCharsets.UTF_8);
        System.out.printf("$ tidemill %s%n%s-> %d%n", String.join(" ", arguments), text, code);
        return new Done(code, text);
    }

    Done apply(String... more) {
        List<String> all = new ArrayList<>(List.of("apply", "-f", file().toString()));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    /// Asks through the gateway's pod.
    Done predictSeven() {
        return run(
                "predict",
                "digits",
                "--namespace",
                namespace,
                "--input",
                folder.resolve("seven.json").toString());
    }

    ObjectRef ref(String apiVersion, String kind, String name) {
        return Kinds.ref(apiVersion, kind, namespace, name);
    }

    List<Fields> pods(String component) {
        return cluster.list(
                "v1", "Pod", namespace, Map.of("app.kubernetes.io/component", component));
    }

    /// Of everything that is ours: what any write would change.
    Map<String, String> versions() {
        Map<String, String> all = new TreeMap<>();
        for (String[] kind :
                new String[][] {
                    {"v1", "ConfigMap"},
                    {"v1", "Secret"},
                    {"v1", "Service"},
                    {"v1", "ServiceAccount"},
                    {"v1", "PersistentVolumeClaim"},
                    {"networking.k8s.io/v1", "NetworkPolicy"},
                    {"policy/v1", "PodDisruptionBudget"},
                    {"apps/v1", "Deployment"},
                    {"apps/v1", "StatefulSet"}
                }) {
            for (Fields object : cluster.list(kind[0], kind[1], namespace, Map.of())) {
                // Status changes too, by others: of what has a generation, that is what counts.
                String generation = object.text("metadata", "generation");
                all.put(
                        kind[1] + "/" + object.name(),
                        generation.isEmpty() || generation.equals("0")
                                ? object.text("metadata", "resourceVersion")
                                : "generation " + generation);
            }
        }
        return all;
    }

    List<String> ours(String apiVersion, String kind) {
        return cluster.list(apiVersion, kind, namespace, Applier.OURS).stream()
                .map(Fields::name)
                .toList();
    }

    @Override
    public void close() {
        cluster.delete(Kinds.ref("v1", "Namespace", namespace, namespace));
        cluster.close();
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
