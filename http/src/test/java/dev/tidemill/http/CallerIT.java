package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Handlers that want to know whether their client is still there.
@Timeout(30)
final class CallerIT {
    private final CountDownLatch watching = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);
    private final CountDownLatch answering = new CountDownLatch(1);
    private final CountDownLatch toldInVain = new CountDownLatch(1);
    private final CountDownLatch toldLate = new CountDownLatch(1);
    private HttpEdge edge;

    @BeforeEach
    void start() {
        edge =
                HttpEdge.builder(new Readiness(), new Metrics())
                        .listen(
                                new Listener("main", "127.0.0.1", 0, 1000),
                                routes ->
                                        routes.post(
                                                        "/watched",
                                                        (request, response) -> {
                                                            byte[] body =
                                                                    Bodies.read(request, 1000);
                                                            Caller.CURRENT
                                                                    .get()
                                                                    .watch(left::countDown);
                                                            watching.countDown();
                                                            answering.await();
                                                            response.send(body);
                                                        })
                                                .post(
                                                        "/watched-by-two",
                                                        (request, response) -> {
                                                            byte[] body =
                                                                    Bodies.read(request, 1000);
                                                            Caller caller = Caller.CURRENT.get();
                                                            Caller.Watch closed =
                                                                    caller.watch(
                                                                            toldInVain::countDown);
                                                            caller.watch(left::countDown);
                                                            closed.close();
                                                            watching.countDown();
                                                            answering.await();
                                                            response.send(body);
                                                        })
                                                .post(
                                                        "/watched-late",
                                                        (request, response) -> {
                                                            byte[] body =
                                                                    Bodies.read(request, 1000);
                                                            Caller caller = Caller.CURRENT.get();
                                                            caller.watch(left::countDown);
                                                            watching.countDown();
                                                            left.await();
                                                            caller.watch(toldLate::countDown)
                                                                    .close();
                                                            response.send(body);
                                                        })
                                                .post(
                                                        "/plain",
                                                        (request, response) ->
                                                                response.send(
                                                                        Bodies.read(
                                                                                request, 1000))))
                        .requestIds(RequestId.source(new SplittableRandom(1)))
                        .build();
        edge.start();
    }

    @AfterEach
    void stop() {
        answering.countDown();
        edge.close();
    }

    @Test
    void one_that_leaves_is_noticed_while_its_request_is_worked_on()
            throws IOException, InterruptedException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(request("/watched", "a"));
            watching.await();
            assertThat(left.getCount()).isEqualTo(1);
        }
        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void so_is_one_that_resets() throws IOException, InterruptedException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(request("/watched", "a"));
            watching.await();
            socket.setSoLinger(true, 0);
        }
        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoever_closed_its_watch_is_not_told_while_others_are()
            throws IOException, InterruptedException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(request("/watched-by-two", "a"));
            watching.await();
        }
        // Asked first, it would have been told first.
        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(toldInVain.getCount()).isEqualTo(1);
    }

    @Test
    void one_that_has_left_before_is_told_at_once() throws IOException, InterruptedException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(request("/watched-late", "a"));
            watching.await();
        }
        assertThat(toldLate.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void requests_that_come_meanwhile_are_answered_in_their_turn()
            throws IOException, InterruptedException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(request("/watched", "a"));
            watching.await();
            socket.getOutputStream().write(request("/plain", "b"));
            socket.getOutputStream().write(request("/plain", "c"));
            answering.countDown();

            InputStream in = socket.getInputStream();
            assertThat(answer(in)).endsWith("\r\n\r\na");
            assertThat(answer(in)).endsWith("\r\n\r\nb");
            assertThat(answer(in)).endsWith("\r\n\r\nc");
            socket.getOutputStream().write(request("/watched", "d"));
            assertThat(answer(in)).endsWith("\r\n\r\nd");
            assertThat(left.getCount()).isEqualTo(1);
        }
    }

    @Test
    void a_server_that_stops_does_not_wait_for_a_connection_that_was_watched()
            throws IOException, InterruptedException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(request("/watched", "a"));
            watching.await();
            answering.countDown();
            assertThat(answer(socket.getInputStream())).endsWith("\r\n\r\na");
            // The connection is idle now, and the thread that read ahead still reads.
            edge.close();
            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    private Socket open() throws IOException {
        return new Socket("127.0.0.1", edge.port("main"));
    }

    private static byte[] request(String path, String body) {
        return "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(path, body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// One with a body of one byte.
    private static String answer(InputStream in) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as(read.toString()).isNotNegative();
            read.append((char) next);
        }
        return read.append((char) in.read()).toString();
    }
}
