package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClientConnectionIT {
    private final Metrics metrics = new Metrics();
    private final CountDownLatch watching = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger told = new AtomicInteger();
    private final HttpEdge edge =
            HttpEdge.builder(new Readiness(), metrics)
                    .listen(new Listener("main", "127.0.0.1", 0, 1000), this::routes)
                    .build();

    private void routes(Routes routes) {
        routes.get(
                        "/slow",
                        (request, response) -> {
                            try (ClientConnection.Watch _ =
                                    ClientConnection.of(request).watch(this::left)) {
                                watching.countDown();
                                answer.await();
                                response.send("slow");
                            }
                        })
                .get("/quick", (_, response) -> response.send("quick"));
    }

    private void left() {
        told.incrementAndGet();
        gone.countDown();
    }

    @BeforeEach
    void start() {
        edge.start();
    }

    @AfterEach
    void stop() {
        answer.countDown();
        edge.close();
        metrics.close();
    }

    @Test
    void a_client_that_closes_is_told_while_its_request_is_being_answered() throws Exception {
        try (Socket _ = ask("/slow")) {
            watching.await();
        }
        gone.await();
    }

    @Test
    void so_is_one_that_resets() throws Exception {
        try (Socket client = ask("/slow")) {
            watching.await();
            client.setSoLinger(true, 0);
        }
        gone.await();
    }

    @Test
    void what_was_read_ahead_is_the_next_request() throws Exception {
        try (Socket client = ask("/slow")) {
            watching.await();
            for (int i = 0; i < 3; i++) {
                client.getOutputStream().write(request("/quick"));
            }
            answer.countDown();
            InputStream in = client.getInputStream();
            StringBuilder said = new StringBuilder();
            while (said.toString().split("quick", -1).length < 4) {
                int next = in.read();
                assertThat(next).as("in %s", said).isNotNegative();
                said.append((char) next);
            }
            assertThat(said).contains("slow");
        }
        assertThat(told).hasValue(0);
    }

    private Socket ask(String path) throws Exception {
        Socket client = new Socket("127.0.0.1", edge.port("main"));
        client.setSoTimeout(20_000);
        client.getOutputStream().write(request(path));
        return client;
    }

    private static byte[] request(String path) {
        return "GET %s HTTP/1.1\r\nHost: x\r\n\r\n"
                .formatted(path)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
