package dev.tidemill.autoscale;

import dev.tidemill.scaling.Signal;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Processor and memory of pods as `metrics.k8s.io` has them, which metrics-server serves; as
/// shares of what each pod asks for. A sample that is old, or that lacks a container's number, is
/// none.
public final class PodMetricsSource implements SignalSource {
    /// metrics-server reads every 15 s to a minute; what is older than this has stopped.
    private static final Duration OLDEST = Duration.ofMinutes(2);

    private static final Duration TIMEOUT = Duration.ofMillis(1_500);

    private final Api api;
    private final JsonMapper json;
    private final Supplier<Map<String, Pods>> targets;
    private final InstantSource clock;

    /// An API server.
    @FunctionalInterface
    public interface Api {
        /// @param path with its query
        /// @return empty when it refuses, is silent, or takes longer
        Optional<byte[]> get(String path, Duration limit);
    }

    /// One target's pods.
    ///
    /// @param selector of labels, such as `app=digits`
    /// @param cores that each asks for
    /// @param memoryBytes that each asks for; empty when it asks for none
    public record Pods(
            String namespace, String selector, OptionalDouble cores, Optional<Long> memoryBytes) {}

    /// @param http trusts the server's certificate
    /// @param server the API server's address
    /// @param token for its `Authorization` header, asked for each time: it is renewed
    /// @param targets by name
    public PodMetricsSource(
            HttpClient http,
            JsonMapper json,
            URI server,
            Supplier<Optional<String>> token,
            Supplier<Map<String, Pods>> targets,
            InstantSource clock) {
        this((path, limit) -> get(http, server, token, path, limit), json, targets, clock);
    }

    /// By somebody else's client of an API server.
    public PodMetricsSource(
            Api api, JsonMapper json, Supplier<Map<String, Pods>> targets, InstantSource clock) {
        this.api = api;
        this.json = json;
        this.targets = targets;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "pod metrics";
    }

    @Override
    public Map<String, Measures> read() {
        Map<String, Measures> measures = new HashMap<>();
        Instant until = clock.instant().plusMillis(TIMEOUT.toMillis());
        targets.get()
                .forEach((target, pods) -> {
                    Duration left = Duration.between(clock.instant(), until);
                    if (left.isPositive()) {
                        ask(pods, left).ifPresent(found -> measures.put(target, found));
                    }
                });
        return measures;
    }

    private Optional<Measures> ask(Pods pods, Duration limit) {
        String path =
                "/apis/metrics.k8s.io/v1beta1/namespaces/"
                        + encoded(pods.namespace())
                        + "/pods?labelSelector="
                        + encoded(pods.selector());
        try {
            return api.get(path, limit).flatMap(body -> measured(pods, json.readTree(body)));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> get(
            HttpClient http,
            URI server,
            Supplier<Optional<String>> token,
            String path,
            Duration limit) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).timeout(limit);
        token.get().ifPresent(value -> request.header("Authorization", "Bearer " + value));
        try {
            HttpResponse<byte[]> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<Measures> measured(Pods pods, JsonNode list) {
        double cores = 0;
        double bytes = 0;
        int known = 0;
        for (JsonNode pod : list.path("items")) {
            double cpu = used(pod, "cpu");
            double memory = used(pod, "memory");
            if (fresh(pod) && Double.isFinite(cpu) && Double.isFinite(memory)) {
                cores += cpu;
                bytes += memory;
                known++;
            }
        }
        if (known == 0) {
            return Optional.empty();
        }
        Map<Signal, Double> values = new EnumMap<>(Signal.class);
        if (pods.cores().orElse(0) > 0) {
            values.put(Signal.CPU, cores / known / pods.cores().getAsDouble());
        }
        if (pods.memoryBytes().orElse(0L) > 0) {
            values.put(Signal.MEMORY, bytes / known / pods.memoryBytes().orElseThrow());
        }
        return Optional.of(Measures.of(values));
    }

    private boolean fresh(JsonNode pod) {
        try {
            Instant at = Instant.parse(pod.path("timestamp").asString(""));
            return at.isAfter(clock.instant().minus(OLDEST));
        } catch (DateTimeException _) {
            return false;
        }
    }

    /// By all of its containers; not-a-number when one does not say.
    private static double used(JsonNode pod, String resource) {
        double sum = 0;
        for (JsonNode container : pod.path("containers")) {
            sum += Quantity.parse(container.path("usage").path(resource).asString(""));
        }
        return pod.path("containers").isEmpty() ? Double.NaN : sum;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
