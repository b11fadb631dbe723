package dev.tidemill.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Answers that go out with their head, and the requests that come behind one another on their
/// connection.
@Timeout(30)
final class WholeAnswerIT {
    private HttpEdge edge;

    @BeforeEach
    void start() {
        edge =
                HttpEdge.builder(new Readiness(), new Metrics())
                        .listen(
                                new Listener("main", "127.0.0.1", 0, 1 << 21),
                                routes ->
                                        routes.post(
                                                        "/echo",
                                                        (request, response) -> {
                                                            byte[] body =
                                                                    Bodies.read(request, 1 << 21);
                                                            response.header(
                                                                    "X-Length", "" + body.length);
                                                            WholeAnswer.send(response, body);
                                                        })
                                                .post(
                                                        "/none",
                                                        (_, response) -> {
                                                            response.status(204);
                                                            WholeAnswer.send(response, new byte[0]);
                                                        })
                                                .post(
                                                        "/wrong-head",
                                                        (_, response) -> {
                                                            response.headers()
                                                                    .set(
                                                                            HeaderNames.create(
                                                                                    "X-Wrong"),
                                                                            "a\nb");
                                                            WholeAnswer.send(
                                                                    response, new byte[] {'x'});
                                                        }))
                        .requestIds(RequestId.source(new SplittableRandom(1)))
                        .build();
        edge.start();
    }

    @AfterEach
    void close() {
        edge.close();
    }

    @Test
    void answersOfAnyLengthComeWholeOneAfterTheOtherOnOneConnection() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int[] lengths = {1, 0, 100, 16_000, 16_383, 16_384, 17_000, 1 << 20, 5};
        try (Socket socket = new Socket("127.0.0.1", edge.port("main"))) {
            for (int length : lengths) {
                byte[] body = new byte[length];
                random.nextBytes(body);
                ask(socket, "/echo", body);

                String head = head(socket.getInputStream());
                assertThat(head)
                        .as("seed %d, %d bytes", seed, length)
                        .startsWith("HTTP/1.1 200 ")
                        .containsIgnoringCase("\r\nContent-Length: " + length + "\r\n")
                        .contains("X-Length: " + length);
                assertThat(socket.getInputStream().readNBytes(length)).isEqualTo(body);
            }
        }
    }

    @Test
    void requestsThatComeTogetherAreAnsweredInTheirOrder() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", edge.port("main"))) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                String body = "request " + i;
                all.append(
                        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(body.length(), body));
            }
            socket.getOutputStream().write(all.toString().getBytes(US_ASCII));
            for (int i = 0; i < 50; i++) {
                head(socket.getInputStream());
                String body = "request " + i;
                assertThat(new String(socket.getInputStream().readNBytes(body.length()), US_ASCII))
                        .isEqualTo(body);
            }
        }
    }

    @Test
    void anAnswerThatCannotBeSentLeavesNothingForTheNextOne() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", edge.port("main"))) {
            ask(socket, "/none", new byte[0]);
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 204 ");
            ask(socket, "/wrong-head", new byte[0]);
            String head = head(socket.getInputStream());
            assertThat(head).startsWith("HTTP/1.1 500 ").doesNotContain("X-Wrong");
            int length = Integer.parseInt(head.split("(?i)content-length: ")[1].split("\r")[0]);
            assertThat(new String(socket.getInputStream().readNBytes(length), US_ASCII))
                    .contains("error")
                    .doesNotEndWith("x");
        }
    }

    private static void ask(Socket socket, String path, byte[] body) throws IOException {
        socket.getOutputStream()
                .write(
                        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
                                .formatted(path, body.length)
                                .getBytes(US_ASCII));
        socket.getOutputStream().write(body);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }
}
