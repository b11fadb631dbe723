package dev.tidemill.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that stop in the middle, and hold what serves them.
@Timeout(30)
final class StallIT {
    private static final byte[] LONG = new byte[64 << 20];

    /// The edge's clock.
    private final AtomicLong nanos = new AtomicLong(1);

    private final CountDownLatch reading = new CountDownLatch(1);
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    private HttpEdge edge;

    @BeforeEach
    void start() {
        edge =
                HttpEdge.builder(new Readiness(), new Metrics())
                        .listen(
                                new Listener("main", "127.0.0.1", 0, 1 << 20),
                                routes ->
                                        routes.post(
                                                        "/body",
                                                        (request, response) ->
                                                                tell(() -> {
                                                                    reading.countDown();
                                                                    response.send(
                                                                            Bodies.read(
                                                                                    request,
                                                                                    1 << 20));
                                                                }))
                                                .get(
                                                        "/long",
                                                        (_, response) ->
                                                                tell(() -> {
                                                                    reading.countDown();
                                                                    WholeAnswer.send(
                                                                            response, LONG);
                                                                })))
                        .requestIds(RequestId.source(new SplittableRandom(1)))
                        .headLimit(Duration.ofMillis(40))
                        .stallLimit(Duration.ofMillis(40))
                        .nanos(nanos::get)
                        .build();
        edge.start();
    }

    @AfterEach
    void close() {
        edge.close();
    }

    @Test
    void whoSendsNothingOfABodyIsCutOff() throws Exception {
        try (Socket client = new Socket("127.0.0.1", edge.port("main"))) {
            write(client, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf of");
            reading.await();

            passUntilEnded();

            assertThat(isOver(client)).isTrue();
        }
    }

    @Test
    void whoTakesNothingOfAnAnswerIsCutOff() throws Exception {
        try (Socket client = new Socket("127.0.0.1", edge.port("main"))) {
            write(client, "GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
            reading.await();

            passUntilEnded();
        }
    }

    @Test
    void whoWaitsBetweenRequestsOrForAnAnswerIsNot() throws Exception {
        try (Socket client = new Socket("127.0.0.1", edge.port("main"))) {
            for (int i = 0; i < 3; i++) {
                nanos.addAndGet(Duration.ofMinutes(5).toNanos());
                write(client, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
                StringBuilder answer = new StringBuilder();
                while (answer.indexOf("\r\n\r\nbody") < 0) {
                    answer.append((char) client.getInputStream().read());
                }
                assertThat(answer.toString()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    /// Time passes until the handler fails: it may not have begun to wait yet.
    private void passUntilEnded() throws Exception {
        while (!ended.isDone()) {
            nanos.addAndGet(Duration.ofMillis(50).toNanos());
            Thread.onSpinWait();
        }
        assertThat(ended.get()).isNotNull();
    }

    private void tell(Runnable handling) {
        try {
            handling.run();
        } catch (RuntimeException e) {
            ended.complete(e);
            throw e;
        }
    }

    private static boolean isOver(Socket client) throws IOException {
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private static void write(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(US_ASCII));
    }
}
