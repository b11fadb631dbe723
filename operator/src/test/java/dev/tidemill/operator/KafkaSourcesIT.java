package dev.tidemill.operator;

import static org.awaitility.Awaitility.await;

import dev.tidemill.operator.fake.FakeApiServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sources of metrics that want a password, which the operator has in its folder: Kafka is asked
/// only by whom who has it.
final class KafkaSourcesIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final String MODEL = "/apis/tidemill.dev/v1alpha1/namespaces/ai/models/digits";
    private static final Duration LOOKED_SEVERAL_TIMES = Duration.ofMillis(1500);

    @TempDir private Path sources;

    private final AtomicInteger called = new AtomicInteger();
    private FakeApiServer api;
    private ServerSocket broker;

    @BeforeEach
    void start() throws IOException {
        api = FakeApiServer.start();
        api.put("/api/v1/namespaces/ai", "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\"}");
        broker = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    @AfterEach
    void stop() throws IOException {
        broker.close();
        api.close();
    }

    @Test
    void a_namespace_s_own_secret_of_the_folder_leads_to_kafka() throws IOException {
        Files.writeString(sources.resolve("ai.KAFKA_PASSWORD"), "secret");
        model();

        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT).until(() -> called.get() > 0);
        }
    }

    @Test
    void the_secret_of_another_namespace_leads_nobody_to_kafka() throws IOException {
        Files.writeString(sources.resolve("other.KAFKA_PASSWORD"), "secret");
        model();

        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() ->
                            api.get(MODEL)
                                    .map(model -> model.at("/status/scaling/owner").asString(""))
                                    .filter("tidemill"::equals)
                                    .isPresent());
            await().during(LOOKED_SEVERAL_TIMES).atMost(LIMIT).until(() -> called.get() == 0);
        }
    }

    /// A broker that takes connections, and says nothing.
    private void accept() {
        try {
            while (true) {
                try (Socket _ = broker.accept()) {
                    called.incrementAndGet();
                }
            }
        } catch (IOException e) {
            // Closed: the test has ended.
        }
    }

    private void model() {
        api.put(
                "/apis/tidemill.dev/v1alpha1/namespaces/ai/environments/here",
                """
                {"apiVersion": "tidemill.dev/v1alpha1", "kind": "Environment", "spec": {"scaling": "tidemill"}}
                """);
        api.put(
                MODEL,
                """
                {"apiVersion": "tidemill.dev/v1alpha1", "kind": "Model", "spec": {
                 "source": "digits",
                 "scaling": {
                  "min": 1, "max": 3, "rules": [{"metric": "lag", "threshold": 50}],
                  "sources": [{"name": "lag", "kafka": {
                   "bootstrapServers": "127.0.0.1:%d", "group": "workers", "topic": "work",
                   "sasl": {"mechanism": "plain", "user": "tidemill", "password": {"env": "KAFKA_PASSWORD"}}}}]}}}
                """
                        .formatted(broker.getLocalPort()));
    }

    private OperatorProcess operator() {
        OperatorProcess process =
                new OperatorProcess(
                        new OperatorConfig(
                                "127.0.0.1",
                                0,
                                Set.of(),
                                Optional.empty(),
                                "test",
                                "0.1.0",
                                OperatorConfig.Apis.NONE,
                                Optional.empty(),
                                Optional.of(sources)),
                        (_, _, _, _) -> "{}",
                        api.client(),
                        Duration.ofMillis(50),
                        () -> {});
        process.start();
        return process;
    }
}
