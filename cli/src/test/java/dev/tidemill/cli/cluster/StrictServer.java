package dev.tidemill.cli.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// An API server that is asked what it thinks of objects. Keys that a kind does not have are
/// refused, and what it only warns of counts as a refusal.
///
/// @param user who asks; whoever `KUBECONFIG` names where there is none
/// @param kinds what it knows, by API version
record StrictServer(
        KubernetesClient client, Optional<String> user, Map<String, Map<String, Place>> kinds) {
    private static final String MANAGER = "rendered-test";

    /// Where objects of a kind are.
    record Place(String path, boolean namespaced) {}

    /// @param warnings without the number that HTTP puts before them
    record Answer(int status, Map<String, Object> body, List<String> warnings) {
        boolean isGood() {
            return status < 300;
        }

        /// Why not, or nothing.
        List<String> complaints() {
            List<String> all = new ArrayList<>();
            if (!isGood()) {
                all.add(status + " " + body.get("message"));
            }
            all.addAll(warnings);
            return all;
        }
    }

    static StrictServer of(KubernetesClient client) {
        return new StrictServer(client, Optional.empty(), new ConcurrentHashMap<>());
    }

    StrictServer as(String account) {
        return new StrictServer(client, Optional.of(account), kinds);
    }

    boolean knows(Map<String, Object> tree) {
        return places(apiVersion(tree)).containsKey(kind(tree));
    }

    /// Whether it serves anything of that version of an API.
    boolean serves(String apiVersion) {
        return !places(apiVersion).isEmpty();
    }

    boolean isNamespaced(Map<String, Object> tree) {
        return place(tree).namespaced();
    }

    /// What it has against an object, which it is not to keep.
    List<String> complaints(Map<String, Object> tree, String namespace) {
        return apply(tree, namespace, "&dryRun=All").complaints();
    }

    /// Has it keep one.
    void keep(Map<String, Object> tree, String namespace) {
        Answer answer = apply(tree, namespace, "");
        if (!answer.isGood()) {
            throw new AssertionError(ObjectTrees.id(tree) + ": " + answer.complaints());
        }
    }

    private Answer apply(Map<String, Object> tree, String namespace, String more) {
        Map<String, Object> moved = ObjectTrees.in(tree, isNamespaced(tree) ? namespace : "");
        return send(
                "PATCH",
                path(tree, namespace)
                        + "?fieldManager="
                        + MANAGER
                        + "&force=true&fieldValidation=Strict"
                        + more,
                "application/apply-patch+yaml",
                client.getKubernetesSerialization().asJson(moved));
    }

    boolean has(Map<String, Object> tree, String namespace) {
        return get(path(tree, namespace)).isGood();
    }

    Answer get(String path) {
        return send("GET", path, "application/json", "");
    }

    Answer post(String path, Map<String, Object> body) {
        return send(
                "POST", path, "application/json", client.getKubernetesSerialization().asJson(body));
    }

    void remove(Map<String, Object> tree, String namespace) {
        var _ = send("DELETE", path(tree, namespace), "application/json", "{}");
    }

    String path(Map<String, Object> tree, String namespace) {
        Place place = place(tree);
        String version = apiVersion(tree);
        return (version.contains("/") ? "/apis/" : "/api/")
                + version
                + (place.namespaced() ? "/namespaces/" + namespace : "")
                + "/"
                + place.path()
                + "/"
                + ObjectTrees.name(tree);
    }

    /// Of the server, such as `v1.35.4`.
    String version() {
        return String.valueOf(get("/version").body().get("gitVersion"));
    }

    /// What has been defined meanwhile is not known yet.
    void lookAgain() {
        kinds.clear();
    }

    private Place place(Map<String, Object> tree) {
        return Optional.ofNullable(places(apiVersion(tree)).get(kind(tree)))
                .orElseThrow(() ->
                        new AssertionError(
                                "the server has no " + apiVersion(tree) + " " + kind(tree)));
    }

    private Map<String, Place> places(String apiVersion) {
        return kinds.computeIfAbsent(apiVersion, this::ask);
    }

    private Map<String, Place> ask(String apiVersion) {
        Answer answer = get((apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion);
        Map<String, Place> found = new LinkedHashMap<>();
        if (answer.body().get("resources") instanceof List<?> resources) {
            for (Object each : resources) {
                if (each instanceof Map<?, ?> one
                        && one.get("name") instanceof String path
                        && !path.contains("/")) {
                    found.put(
                            String.valueOf(one.get("kind")),
                            new Place(path, Boolean.TRUE.equals(one.get("namespaced"))));
                }
            }
        }
        return found;
    }

    @SuppressWarnings("unchecked") // JSON has texts as keys
    private Answer send(String method, String path, String type, String body) {
        HttpRequest.Builder request =
                client.getHttpClient()
                        .newHttpRequestBuilder()
                        .uri(client.getMasterUrl().toString().replaceAll("/$", "") + path)
                        .timeout(60, TimeUnit.SECONDS);
        if (!method.equals("GET")) {
            request.method(method, type, body);
        }
        user.ifPresent(name -> request.header("Impersonate-User", name));
        HttpResponse<String> response =
                client.getHttpClient().sendAsync(request.build(), String.class).join();
        String said = Objects.requireNonNullElse(response.body(), "");
        // Of an API that nobody serves it is no JSON.
        Map<String, Object> answer =
                said.startsWith("{")
                        ? client.getKubernetesSerialization().unmarshal(said, LinkedHashMap.class)
                        : Map.of("message", said.strip());
        return new Answer(
                response.code(),
                answer,
                response.headers("Warning").stream()
                        .map(warning -> warning.replaceFirst("^299 - ", ""))
                        .toList());
    }

    private static String apiVersion(Map<String, Object> tree) {
        return String.valueOf(tree.get("apiVersion"));
    }

    private static String kind(Map<String, Object> tree) {
        return String.valueOf(tree.get("kind"));
    }
}
