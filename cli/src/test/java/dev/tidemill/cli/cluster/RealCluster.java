package dev.tidemill.cli.cluster;

import dev.tidemill.cli.command.Root;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.ClusterTarget;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.cluster.apply.Applier;
import dev.tidemill.cluster.rollout.PodTroubles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The cluster of `KUBECONFIG`, with a namespace of its own for a test class, and our commands as
/// they are typed.
final class RealCluster implements AutoCloseable {
    /// What a command did.
    record Done(int code, String text) {}

    private static final Duration GONE = Duration.ofSeconds(120);

    /// Of what a command prints; the log of a pod may be long.
    private static final int SHOWN = 60;

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

    /// Has the Environment of the file name that image, and no other; none for the release's.
    void image(Optional<String> name) {
        try {
            String text =
                    Files.readString(file())
                            .replaceAll("(?m)^  image: .*\\R", "")
                            .replace(
                                    "  namespace: " + namespace,
                                    name.map("  image: {name: \"%s\"}\n"::formatted).orElse("")
                                            + "  namespace: "
                                            + namespace);
            Files.writeString(file(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a command; what it prints is printed too, for whoever reads the report.
    Done run(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Waits.say("$ tidemill %s", String.join(" ", arguments));
        int code = Root.commandLine(out, out, InstantSource.system()).execute(arguments);
        String text = bytes.toString(StandardCharsets.UTF_8);
        System.out.print(text.lines().limit(SHOWN).collect(Collectors.joining("\n", "", "\n")));
        Waits.say("-> %d", code);
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

    /// @param rest all but what `ref` says
    void create(ObjectRef ref, Map<String, Object> rest) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", ref.apiVersion());
        tree.put("kind", ref.kind());
        tree.put(
                "metadata",
                ref.namespace().isPresent()
                        ? Map.of("name", ref.name(), "namespace", ref.namespace().get())
                        : Map.of("name", ref.name()));
        tree.putAll(rest);
        if (!cluster.create(ref, tree)) {
            throw new AssertionError(ref.id() + " was there already");
        }
    }

    List<Fields> pods(String component) {
        return cluster.list(
                "v1", "Pod", namespace, Map.of("app.kubernetes.io/component", component));
    }

    /// One of them.
    Fields ready(String component) {
        return pods(component).stream()
                .filter(pod -> PodTroubles.isReady(pod) && !PodTroubles.isEnding(pod))
                .findFirst()
                .orElseThrow();
    }

    /// Until so many pods of a component are ready, and no other is there.
    ///
    /// @return how long it took
    Duration awaitReady(String component, int pods) {
        return Waits.until(
                "%d of %s are ready".formatted(pods, component),
                () -> {
                    List<Fields> all =
                            pods(component).stream()
                                    .filter(pod -> !PodTroubles.isEnding(pod))
                                    .toList();
                    return all.size() == pods && all.stream().allMatch(PodTroubles::isReady);
                });
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

    /// Waits until all of it is gone: what runs in it fills the node that the next tests need.
    @Override
    public void close() {
        ObjectRef all = Kinds.ref("v1", "Namespace", namespace, namespace);
        try {
            Waits.until(
                    "namespace " + namespace + " is gone",
                    GONE,
                    () -> {
                        // Again and again: an API server may be away for a moment.
                        cluster.get(all)
                                .filter(it -> it.text("metadata", "deletionTimestamp").isEmpty())
                                .ifPresent(_ -> cluster.delete(all));
                        return cluster.get(all).isEmpty();
                    });
        } finally {
            cluster.close();
        }
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
