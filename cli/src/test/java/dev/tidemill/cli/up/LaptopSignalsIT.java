package dev.tidemill.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tidemill.autoscale.Measures;
import dev.tidemill.autoscale.ProcessSource.Group;
import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.client.gateway.TrafficCounters.ModelCounters;
import dev.tidemill.scaling.Signal;
import dev.tidemill.sources.kafka.KafkaSecrets;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.SpecParser;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Whatever a file can name is read: one server plays the model server and Prometheus.
final class LaptopSignalsIT {
    private final AtomicLong requests = new AtomicLong(10);
    private final Map<String, Double> read = new HashMap<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/metrics", () -> metrics(requests.addAndGet(2)));
        answer(
                "/api/v1/query",
                () ->
                        """
                        {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"250"]}]}}
                        """);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void every_measure_that_a_file_can_go_by_is_read() {
        ModelPool pool = pool();
        LaptopSignals signals =
                new LaptopSignals(
                        List.of(new PoolSpec.Servers(pool)),
                        () -> Map.of("digits", List.of(address())),
                        () ->
                                Map.of(
                                        "digits",
                                        new Group(
                                                List.of(ProcessHandle.current().pid()),
                                                1,
                                                Optional.of(1L << 40))),
                        HttpClient.newHttpClient(),
                        JsonMapper.shared(),
                        LaptopSignalsIT::counters,
                        KafkaSecrets.beside(Path.of("."), Map.of()),
                        System::nanoTime);

        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    Measures seen = signals.read().getOrDefault("digits", Measures.NONE);
                    seen.values().forEach((signal, value) -> read.put(signal.label(), value));
                    read.putAll(seen.named());
                    assertThat(read)
                            .as("gateway, servers, processes, Prometheus, KEDA's Prometheus")
                            .containsKeys(
                                    Signal.IN_FLIGHT.label(),
                                    Signal.SLOT_SECONDS.label(),
                                    Signal.CPU.label(),
                                    Signal.MEMORY.label(),
                                    Signal.LAG.label())
                            .containsEntry("jobs", 250.0);
                });
        assertThat(pool.scaling().sources()).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void a_source_of_kafka_asks_the_brokers_themselves() throws IOException {
        try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LaptopSignals signals =
                        signals(
                                pool(
                                        """
                                        sources: [{name: lag, kafka: {bootstrapServers: "127.0.0.1:%d", group: jobs}}]
                                        """
                                                .formatted(broker.getLocalPort())))) {
            broker.setSoTimeout(20_000);
            Map<String, Measures> _ = signals.read();
            try (Socket asked = broker.accept();
                    DataInputStream in = new DataInputStream(asked.getInputStream())) {
                assertThat(in.readInt()).as("length of the first request").isBetween(10, 1000);
                assertThat(in.readShort())
                        .as("which versions a broker speaks")
                        .isEqualTo((short) 18);
            }
        }
    }

    private LaptopSignals signals(ModelPool pool) {
        return new LaptopSignals(
                List.of(new PoolSpec.Servers(pool)),
                Map::of,
                Map::of,
                HttpClient.newHttpClient(),
                JsonMapper.shared(),
                LaptopSignalsIT::counters,
                KafkaSecrets.beside(Path.of("."), Map.of()),
                System::nanoTime);
    }

    private static ModelPool pool(String scaling) {
        String document =
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Model
                metadata: {name: digits}
                spec:
                  source: digits
                  scaling:
                """
                        + scaling.indent(4);
        Model model =
                (Model)
                        SpecParser.parse("f", document.getBytes(StandardCharsets.UTF_8))
                                .orThrow()
                                .getFirst();
        return new ModelPool(List.of(model));
    }

    private ModelPool pool() {
        return pool(
                """
                policy: keda
                keda:
                  triggers:
                    - {type: prometheus, metadata: {serverAddress: "%1$s", query: "sum(x)", threshold: "100"}}
                metrics:
                  - {type: External, external: {metric: {name: jobs}, target: {type: AverageValue, averageValue: "100"}}}
                sources:
                  - {name: jobs, server: "%1$s", query: "sum(queue_depth)"}
                  - {name: lag, server: "%1$s", query: "sum(kafka_consumergroup_lag)"}
                """
                        .formatted(address()));
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static TrafficCounters counters() {
        long now = System.nanoTime();
        return new TrafficCounters(
                now,
                List.of(1_000_000L),
                List.of(new ModelCounters("digits", "digits", 0, 0, 1, now, 0, List.of(0L, 0L))));
    }

    private static String metrics(long finished) {
        return """
        tidemill_server_request_seconds_count{outcome="ok"} %1$d
        tidemill_server_request_seconds_sum{outcome="ok"} %1$d
        """
                .formatted(finished);
    }

    private interface Text {
        String get();
    }

    private void answer(String path, Text text) {
        server.createContext(
                path,
                exchange -> {
                    byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
    }
}
