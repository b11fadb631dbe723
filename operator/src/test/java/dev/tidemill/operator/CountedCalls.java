package dev.tidemill.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/// What a client asks an API server, counted as `PATCH deployments` or `PATCH models/status`.
final class CountedCalls implements Interceptor {
    private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();

    KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("counted", this))
                .build();
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        calls.computeIfAbsent(
                        request.method() + " " + what(request.uri().getPath()),
                        _ -> new LongAdder())
                .increment();
    }

    /// Since the last [#forget].
    long of(Predicate<String> wanted) {
        return calls.entrySet().stream()
                .filter(entry -> wanted.test(entry.getKey()))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }

    void forget() {
        calls.clear();
    }

    @Override
    public String toString() {
        return new TreeMap<>(calls).toString();
    }

    /// The kind in a path such as `/apis/apps/v1/namespaces/x/deployments/y`, and its subresource.
    private static String what(String path) {
        String[] parts = path.split("/");
        int kind = parts.length > 1 && parts[1].equals("api") ? 3 : 4;
        if (parts.length > kind + 2 && parts[kind].equals("namespaces")) {
            kind += 2;
        }
        return kind >= parts.length
                ? "discovery"
                : parts[kind] + (parts.length > kind + 2 ? "/" + parts[kind + 2] : "");
    }
}
