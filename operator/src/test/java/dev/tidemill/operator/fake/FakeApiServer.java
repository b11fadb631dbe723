package dev.tidemill.operator.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An API server in memory: lists, watches, server-side apply (which merges), merge patches of
/// status, deletion with what is owned. It checks nothing and runs nothing.
public final class FakeApiServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, List<String>> KINDS =
            Map.of(
                    "/api/v1",
                    List.of(
                            "Namespace",
                            "Pod",
                            "Service",
                            "ServiceAccount",
                            "ConfigMap",
                            "Event",
                            "ResourceQuota",
                            "LimitRange"),
                    "/apis/apps/v1",
                    List.of("Deployment", "StatefulSet"),
                    "/apis/batch/v1",
                    List.of("Job", "CronJob"),
                    "/apis/autoscaling/v2",
                    List.of("HorizontalPodAutoscaler"),
                    "/apis/policy/v1",
                    List.of("PodDisruptionBudget"),
                    "/apis/networking.k8s.io/v1",
                    List.of("NetworkPolicy", "Ingress"),
                    "/apis/networking.istio.io/v1",
                    List.of("VirtualService", "DestinationRule"),
                    "/apis/trainer.kubeflow.org/v1alpha1",
                    List.of("TrainJob"),
                    "/apis/tidemill.dev/v1alpha1",
                    List.of("Model", "Gateway", "App", "Training", "Environment"));

    private final Objects objects = new Objects();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> writes = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private volatile Function<String, Optional<Refusal>> refuses = _ -> Optional.empty();
    private volatile Predicate<String> held = _ -> false;
    private final Set<String> hidden = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// What is answered in the place of doing it.
    public record Refusal(int code, String message) {}

    private FakeApiServer(HttpServer server) {
        this.server = server;
    }

    public static FakeApiServer start() throws IOException {
        HttpServer http =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        FakeApiServer fake = new FakeApiServer(http);
        http.setExecutor(fake.threads);
        http.createContext("/", fake::handle);
        http.start();
        return fake;
    }

    /// A new client of it, for one process.
    public KubernetesClient client() {
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withNamespace("default")
                        .withOnlyHttpWatches(true)
                        .withRequestRetryBackoffLimit(0)
                        .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /// @param rule method and path, such as `PATCH /api/v1/...`, to what it is answered with
    public void refuse(Function<String, Optional<Refusal>> rule) {
        refuses = rule;
    }

    /// Watches that show nothing new until another call of this lets them.
    ///
    /// @param plurals whose
    public void hold(Predicate<String> plurals) {
        held = plurals;
    }

    /// Knows a group no more, such as `/apis/trainer.kubeflow.org/v1alpha1`.
    public void hide(String group) {
        hidden.add(group);
    }

    /// Every call that wrote, as method and path.
    public List<String> writes() {
        return List.copyOf(writes);
    }

    /// The same with what was sent.
    public List<String> bodies() {
        return List.copyOf(bodies);
    }

    public void put(String path, String json) {
        Target target = Target.of(path);
        ObjectNode tree = (ObjectNode) JSON.readTree(json);
        objects.put(target, objects.get(target).map(it -> Objects.merge(it, tree)).orElse(tree));
    }

    public void delete(String path) {
        objects.delete(Target.of(path));
    }

    public Optional<JsonNode> get(String path) {
        return objects.get(Target.of(path)).map(it -> it);
    }

    public List<JsonNode> list(String path) {
        return new ArrayList<>(objects.list(Target.of(path), _ -> true));
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String call = exchange.getRequestMethod() + " " + path;
        Map<String, String> query = query(exchange);
        byte[] body = exchange.getRequestBody().readAllBytes();
        boolean reads = exchange.getRequestMethod().equals("GET");
        if (!reads) {
            writes.add(call);
            bodies.add(call + " " + new String(body, StandardCharsets.UTF_8));
        }
        Optional<Refusal> refusal = refuses.apply(call);
        if (refusal.isPresent()) {
            status(exchange, refusal.get().code(), refusal.get().message());
            return;
        }
        Target target = Target.of(path);
        switch (exchange.getRequestMethod()) {
            case "GET" -> read(exchange, target, query);
            case "POST" -> create(exchange, target, body);
            case "PATCH" -> patch(exchange, target, query, body);
            case "DELETE" -> {
                boolean there = objects.delete(target);
                status(exchange, there ? 200 : 404, there ? "deleted" : "not found");
            }
            default -> status(exchange, 405, "method");
        }
    }

    private void read(HttpExchange exchange, Target target, Map<String, String> query)
            throws IOException {
        if (target.base().equals("/version")) {
            send(exchange, 200, JSON.createObjectNode().put("major", "1").put("minor", "35"));
        } else if (target.plural().isEmpty()) {
            discover(exchange, target);
        } else if (!target.name().isEmpty()) {
            Optional<ObjectNode> found = objects.get(target);
            if (found.isPresent()) {
                send(exchange, 200, found.get());
            } else {
                status(exchange, 404, "not found");
            }
        } else if ("true".equals(query.get("watch"))) {
            watch(exchange, target, query);
        } else {
            ObjectNode list = JSON.createObjectNode();
            list.put("apiVersion", apiVersion(target)).put("kind", "List");
            list.putObject("metadata").put("resourceVersion", String.valueOf(objects.version()));
            var items = list.putArray("items");
            objects.list(target, selected(query)).forEach(items::add);
            send(exchange, 200, list);
        }
    }

    private void watch(HttpExchange exchange, Target target, Map<String, String> query)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        long seen = Long.parseLong(query.getOrDefault("resourceVersion", "0"));
        Predicate<ObjectNode> selected = selected(query);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            while (!closed) {
                Optional<Objects.Change> change = objects.next(target, seen, 200);
                while (held.test(target.plural()) && !closed) {
                    Thread.sleep(20);
                }
                if (change.isPresent()) {
                    seen = change.get().version();
                    if (selected.test(change.get().object())) {
                        ObjectNode event = JSON.createObjectNode();
                        event.put("type", change.get().type());
                        event.set("object", change.get().object());
                        out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
                        out.flush();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void create(HttpExchange exchange, Target target, byte[] body) throws IOException {
        ObjectNode tree = (ObjectNode) JSON.readTree(body);
        String name = tree.path("metadata").path("name").asString("");
        if (name.isEmpty()) {
            name = tree.path("metadata").path("generateName").asString("x") + objects.version();
        }
        Target named = new Target(target.base(), target.namespace(), target.plural(), name, "");
        if (objects.get(named).isPresent()) {
            status(exchange, 409, "already exists");
        } else {
            send(exchange, 201, objects.put(named, tree));
        }
    }

    private void patch(HttpExchange exchange, Target target, Map<String, String> query, byte[] body)
            throws IOException {
        JsonNode patch = JSON.readTree(body);
        boolean apply =
                String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                        .contains("apply-patch");
        Optional<ObjectNode> there = objects.get(target);
        if (there.isEmpty() && !apply) {
            status(exchange, 404, "not found");
        } else if (there.isPresent()
                && apply
                && !"true".equals(query.get("force"))
                && there.get().at("/metadata/labels/tidemill.dev~1by").isMissingNode()) {
            status(exchange, 409, "Apply failed with 1 conflict: conflict with \"kubectl\"");
        } else {
            ObjectNode merged = Objects.merge(there.orElseGet(Objects::empty), patch);
            Target whole =
                    new Target(
                            target.base(), target.namespace(), target.plural(), target.name(), "");
            send(exchange, there.isPresent() ? 200 : 201, objects.put(whole, merged));
        }
    }

    private static Predicate<ObjectNode> selected(Map<String, String> query) {
        String selector = query.getOrDefault("labelSelector", "");
        if (selector.isEmpty()) {
            return _ -> true;
        }
        String[] pair = selector.split("=", 2);
        return object ->
                object.path("metadata").path("labels").path(pair[0]).asString("").equals(pair[1]);
    }

    private void discover(HttpExchange exchange, Target target) throws IOException {
        List<String> kinds = hidden.contains(target.base()) ? null : KINDS.get(target.base());
        if (kinds == null) {
            status(exchange, 404, "no such group");
            return;
        }
        ObjectNode list = JSON.createObjectNode();
        list.put("apiVersion", "v1").put("kind", "APIResourceList");
        list.put("groupVersion", apiVersion(target));
        var resources = list.putArray("resources");
        for (String kind : kinds) {
            String low = kind.toLowerCase(Locale.ROOT);
            ObjectNode one = resources.addObject();
            one.put(
                    "name",
                    low.endsWith("s")
                            ? low + "es"
                            : low.endsWith("y") && !low.endsWith("ay")
                                    ? low.substring(0, low.length() - 1) + "ies"
                                    : low + "s");
            one.put("singularName", low).put("kind", kind);
            one.put("namespaced", !kind.equals("Namespace"));
            one.putArray("verbs").add("get").add("list").add("watch").add("patch");
        }
        send(exchange, 200, list);
    }

    private static String apiVersion(Target target) {
        return target.base().replaceFirst("^/apis?/", "");
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(
                        parts[0],
                        parts.length > 1
                                ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8)
                                : "");
            }
        }
        return query;
    }

    private static void status(HttpExchange exchange, int code, String message) throws IOException {
        ObjectNode status = JSON.createObjectNode();
        status.put("apiVersion", "v1").put("kind", "Status").put("code", code);
        status.put("status", code < 300 ? "Success" : "Failure").put("message", message);
        send(exchange, code, status);
    }

    private static void send(HttpExchange exchange, int code, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
