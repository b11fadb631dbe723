package dev.tidemill.cli.cluster;

import dev.tidemill.cli.render.RenderCase;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.OperatorApis;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// A cluster that knows the kinds of others and has a namespace that enforces `restricted`, to ask
/// about all that is rendered.
final class StrictCluster implements AutoCloseable {
    private static final String STANDARD = "pod-security.kubernetes.io/";

    /// With objects that no `render` prints.
    private static final List<Path> FOLDERS =
            List.of(
                    Path.of("..", "manifests", "src", "test", "resources"),
                    Path.of("..", "deploy", "kubernetes"));

    private final KubernetesClient client;
    private final StrictServer server;
    private final String namespace;
    private final Map<String, List<Map<String, Object>>> rendered;
    private final List<Map<String, Object>> made = new ArrayList<>();
    private final ForeignKinds foreign;

    private StrictCluster(KubernetesClient client, String namespace) {
        this.client = client;
        this.server = StrictServer.of(client);
        this.namespace = namespace;
        this.rendered = rendered(client.getConfiguration());
        this.foreign = ForeignKinds.install(server, groupKinds());
    }

    static StrictCluster open(String prefix) {
        Assumptions.assumeTrue(
                System.getenv("KUBECONFIG") != null,
                "no cluster: KUBECONFIG names none (dev/with-cluster starts one where it can)");
        StrictCluster cluster =
                new StrictCluster(
                        // A refusal is no reason to ask again: of a key that is none it is a 500.
                        new KubernetesClientBuilder()
                                .withConfig(
                                        new ConfigBuilder(Config.autoConfigure(null))
                                                .withRequestRetryBackoffLimit(0)
                                                .build())
                                .build(),
                        prefix + "-" + Long.toString(System.nanoTime(), 36));
        cluster.keep(
                tree(
                        "v1",
                        "Namespace",
                        cluster.namespace,
                        Map.of(
                                STANDARD + "enforce",
                                "restricted",
                                STANDARD + "warn",
                                "restricted")));
        return cluster;
    }

    StrictServer server() {
        return server;
    }

    String namespace() {
        return namespace;
    }

    /// All objects, by where they are from.
    Map<String, List<Map<String, Object>>> rendered() {
        return rendered;
    }

    /// `VERSION KIND` of all of them.
    Set<String> types() {
        Set<String> types = new TreeSet<>();
        rendered.values().forEach(all -> all.forEach(each -> types.add(ObjectTrees.type(each))));
        return types;
    }

    /// Whether a kind can be looked at. One of Kubernetes' own always can, and where the kinds of
    /// others were given, so can all of them: a kind that is not there is a mistake of ours.
    boolean isChecked(Map<String, Object> object) {
        return foreign.areGiven() || server.serves(String.valueOf(object.get("apiVersion")));
    }

    /// What the API server has against objects of kinds that can be looked at.
    List<String> complaints(List<Map<String, Object>> objects) {
        return complaints(server, objects);
    }

    /// @param asked by whom
    List<String> complaints(StrictServer asked, List<Map<String, Object>> objects) {
        return objects.stream()
                .filter(this::isChecked)
                .flatMap(each ->
                        asked.complaints(each, namespace).stream()
                                .map(complaint -> ObjectTrees.id(each) + ": " + complaint))
                .toList();
    }

    /// Has the cluster keep an object until the end.
    void keep(Map<String, Object> object) {
        if (!server.has(object, namespace)) {
            made.add(object);
            server.keep(object, namespace);
        }
    }

    /// What a pod names: as it is rendered, or anything of that name.
    void provideFor(Map<String, Object> pod) {
        Map<String, Object> spec = ObjectTrees.map(pod.get("spec"));
        provide(spec.get("serviceAccountName"), "v1", "ServiceAccount", Map.of());
        provide(
                spec.get("priorityClassName"),
                "scheduling.k8s.io/v1",
                "PriorityClass",
                Map.of("value", 1));
        provide(
                spec.get("runtimeClassName"),
                "node.k8s.io/v1",
                "RuntimeClass",
                Map.of("handler", "runc"));
    }

    private void provide(
            @Nullable Object name, String apiVersion, String kind, Map<String, Object> content) {
        if (name == null) {
            return;
        }
        Map<String, Object> any = tree(apiVersion, kind, name.toString(), Map.of());
        any.putAll(content);
        keep(
                rendered.values().stream()
                        .flatMap(List::stream)
                        .filter(each -> ObjectTrees.id(each).equals(ObjectTrees.id(any)))
                        .findFirst()
                        .orElse(any));
    }

    private static Map<String, Object> tree(
            String apiVersion, String kind, String name, Map<String, Object> labels) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", apiVersion);
        tree.put("kind", kind);
        tree.put("metadata", Map.of("name", name, "labels", labels));
        return tree;
    }

    private static Map<String, List<Map<String, Object>>> rendered(Config config) {
        Map<String, List<Map<String, Object>>> all = new TreeMap<>();
        RenderCase.all()
                .forEach(each -> all.put(each.toString(), ObjectTrees.read(each.rendered())));
        FOLDERS.stream()
                .flatMap(folder -> files(folder).stream())
                .forEach(file ->
                        all.put(file.getFileName().toString(), ObjectTrees.read(text(file))));
        all.put("what the operator registers", registrations(config));
        return all;
    }

    /// Known only when it runs: its pod's address, and a certificate, for which any will do.
    private static List<Map<String, Object>> registrations(Config config) {
        String pem =
                config.getCaCertData() == null
                        ? text(Path.of(config.getCaCertFile()))
                        : new String(
                                Base64.getDecoder().decode(config.getCaCertData()),
                                StandardCharsets.US_ASCII);
        return Stream.of(
                        OperatorApis.endpoint("any", "10.1.2.3"),
                        OperatorApis.endpoint("any", "2001:db8::7"),
                        OperatorApis.apiService(
                                "custom.metrics.k8s.io", "v1beta2", "any", pem, Optional.of("any")),
                        OperatorApis.apiService(
                                "external.metrics.k8s.io", "v1beta1", "any", pem, Optional.empty()))
                .map(KubeObject::fields)
                .toList();
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.toString().endsWith(".yaml")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<String> groupKinds() {
        Set<String> all = new TreeSet<>();
        types().forEach(type -> all.add(type.replaceFirst("/[^ ]*", "")));
        return all;
    }

    /// The namespace, and what was made beside it.
    @Override
    public void close() {
        made.reversed().forEach(each -> server.remove(each, namespace));
        foreign.close();
        client.close();
    }
}
