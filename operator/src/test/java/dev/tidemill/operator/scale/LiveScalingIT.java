package dev.tidemill.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.client.gateway.TrafficCounters.ModelCounters;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// The live loop over a gateway that says how much is in flight.
final class LiveScalingIT {
    private static final int IN_FLIGHT = 40;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<Integer> orders = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, String> kept = new ConcurrentHashMap<>();
    private final DecisionShelf shelf =
            new DecisionShelf() {
                @Override
                public Optional<String> get(String namespace, String pool) {
                    return Optional.ofNullable(kept.get(namespace + "/" + pool));
                }

                @Override
                public void put(String namespace, String pool, String decisions) {
                    kept.put(namespace + "/" + pool, decisions);
                }
            };
    private HttpServer gateway;
    private final LiveScaling scaling =
            new LiveScaling(
                    Duration.ofMillis(20),
                    (path, _) -> {
                        asked.add(path);
                        return Optional.of(usage(InstantSource.system().instant()));
                    },
                    (_, _, replicas) -> orders.add(replicas),
                    shelf,
                    InstantSource.system(),
                    System::nanoTime);

    @BeforeEach
    void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        gateway.createContext(
                "/signals",
                exchange -> {
                    byte[] body = JsonMapper.shared().writeValueAsBytes(counters());
                    exchange.sendResponseHeaders(200, body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        gateway.start();
    }

    @AfterEach
    void stop() {
        scaling.close();
        gateway.stop(0);
    }

    @Test
    void load_at_the_gateway_becomes_an_order_with_its_reason() {
        see("{min: 1, max: 3, metrics: [{type: concurrency, target: 8}]}");

        await().atMost(LIMIT).until(() -> orders.contains(3));
        assertThat(orders).allMatch(count -> count >= 1 && count <= 3);
        Optional<LiveScaling.Changed> last = scaling.last("ns", "digits");
        assertThat(last).isPresent();
        assertThat(last.get().reason()).isNotBlank();
        await().atMost(LIMIT).until(() -> kept.containsKey("ns/digits"));
        assertThat(kept.get("ns/digits")).contains("\"replicas\":3", last.get().reason());
    }

    @Test
    void a_namespace_that_has_nothing_to_scale_any_more_is_left_alone() {
        see("{min: 1, max: 3, metrics: [{type: concurrency, target: 8}]}");
        await().atMost(LIMIT).until(() -> orders.contains(3));

        scaling.see("ns", List.of(), List.of());

        assertThat(scaling.last("ns", "digits")).isEmpty();
    }

    @Test
    void processors_of_pods_come_from_the_metrics_of_kubernetes() {
        see(
                """
                {min: 1, max: 9, policy: hpa, hpa: {syncPeriod: 1s}, metrics: [{type: Resource, resource:
                 {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]}\
                """);

        // One pod that uses 0.5 of the 0.25 cores it asks for, at 50 %: four.
        await().atMost(LIMIT).until(() -> orders.contains(4));
        assertThat(asked.getFirst())
                .startsWith("/apis/metrics.k8s.io/v1beta1/namespaces/ns/pods?labelSelector=")
                .contains("instance%3Ddigits-server");
    }

    @Test
    void an_app_is_scaled_by_what_its_gateway_counts_and_no_autoscaler_asks_of_it() {
        seeApp("{min: 1, max: 4, metrics: [{type: concurrency, target: 8}]}");

        await().atMost(LIMIT).until(() -> orders.contains(4));
        await().atMost(LIMIT).until(() -> kept.containsKey("ns/portal"));
        assertThat(scaling.last("ns", "portal")).isPresent();
        assertThat(scaling.of("ns")).isEmpty();
    }

    @Test
    void processors_of_an_app_are_those_of_its_pods() {
        seeApp(
                """
                {min: 1, max: 9, policy: hpa, hpa: {syncPeriod: 1s}, metrics: [{type: Resource, resource:
                 {name: cpu, target: {type: Utilization, averageUtilization: 100}}}]}\
                """);

        // One pod that uses 0.5 of the 0.1 cores it asks for: five.
        await().atMost(LIMIT).until(() -> orders.contains(5));
        assertThat(asked.getFirst())
                .contains("name%3Dtidemill-app")
                .contains("instance%3Dportal-app");
    }

    private void seeApp(String settings) {
        scaling.see(
                "ns",
                List.of(
                        new LivePool(
                                Pools.portal(settings),
                                "",
                                "portal-app",
                                1,
                                1,
                                1.0,
                                List.of(),
                                List.of())),
                List.of(URI.create("http://127.0.0.1:" + gateway.getAddress().getPort())));
    }

    @Test
    void what_a_file_asks_of_prometheus_is_asked() {
        gateway.createContext(
                "/api/v1/query",
                exchange -> {
                    byte[] body =
                            """
                            {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"250"]}]}}
                            """
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        see(
                """
                {min: 1, max: 9, policy: hpa, hpa: {syncPeriod: 1s}, metrics: [{type: External, external: {metric: {name: jobs},
                 target: {type: AverageValue, averageValue: "100"}}}],
                 sources: [{name: jobs, server: "http://127.0.0.1:%d", query: "sum(jobs)"}]}\
                """
                        .formatted(gateway.getAddress().getPort()));

        await().atMost(LIMIT).until(() -> orders.contains(3));
    }

    private static byte[] usage(Instant at) {
        return """
        {"items": [{"timestamp": "%s", "containers": [{"usage": {"cpu": "500m", "memory": "1Mi"}}]}]}
        """
                .formatted(at)
                .getBytes(StandardCharsets.UTF_8);
    }

    private void see(String settings) {
        scaling.see(
                "ns",
                List.of(
                        new LivePool(
                                Pools.digits(settings), "digits-server", 1, 1, 1.0, List.of())),
                List.of(URI.create("http://127.0.0.1:" + gateway.getAddress().getPort())));
    }

    private static TrafficCounters counters() {
        long now = System.nanoTime();
        return new TrafficCounters(
                now,
                List.of(1_000_000L),
                Stream.of("digits", "portal").map(name -> counted(name, now)).toList());
    }

    private static ModelCounters counted(String name, long now) {
        return new ModelCounters(
                name,
                name,
                now / 10_000_000,
                0,
                IN_FLIGHT,
                IN_FLIGHT * (now % 1_000_000_000_000_000L),
                0,
                List.of(now / 10_000_000, 0L));
    }
}
