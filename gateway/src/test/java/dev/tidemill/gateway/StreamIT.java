package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.testkit.FakeUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StreamIT {
    private final FakeUpstream upstream = FakeUpstream.start(FakeUpstream.echo());
    private final RunningGateway gateway = new RunningGateway(ConfigLine.digits(upstream));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void a_large_answer_passes_unchanged_and_keeps_the_connection() throws Exception {
        byte[] body = new byte[30_000_001];
        new SplittableRandom(1).nextBytes(body);
        upstream.script((_, connection) -> connection.send(200, Map.of(), body));
        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> answer =
                    gateway.send(gateway.request(RunningGateway.INFER), BodyHandlers.ofByteArray());
            assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(body.length);
            assertThat(answer.body()).isEqualTo(body);
        }
        assertThat(upstream.accepted()).isEqualTo(1);
    }

    @Test
    void a_chunked_answer_passes_chunk_by_chunk_as_it_comes() throws Exception {
        CountDownLatch more = new CountDownLatch(1);
        upstream.script((_, connection) -> {
            connection.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n5;ext=1\r\nfirst\r\n");
            more.await();
            connection.write("6\r\nsec");
            connection.write("ond\r\n0\r\nTrailer: x\r\n\r\n");
        });
        HttpResponse<InputStream> answer =
                gateway.send(gateway.request(RunningGateway.INFER), BodyHandlers.ofInputStream());
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        try (InputStream in = answer.body()) {
            assertThat(text(in.readNBytes(5))).isEqualTo("first");
            more.countDown();
            assertThat(text(in.readAllBytes())).isEqualTo("second");
        }
        gateway.get("/v2/models/digits");
        assertThat(upstream.accepted()).isEqualTo(1);
    }

    @Test
    void an_empty_chunked_answer_passes() throws Exception {
        upstream.script((_, connection) ->
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
        HttpResponse<String> answer = gateway.get(RunningGateway.INFER);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void an_answer_that_ends_with_its_connection_passes() throws Exception {
        upstream.script(FakeUpstream.cuttingAfter("HTTP/1.0 200 OK\r\nX: y\r\n\r\nall of it"));
        HttpResponse<String> answer = gateway.get(RunningGateway.INFER);
        assertThat(answer.body()).isEqualTo("all of it");
        assertThat(answer.headers().firstValue("x")).hasValue("y");
    }

    @Test
    void a_client_sees_that_a_chunked_answer_was_cut() throws Exception {
        upstream.script(
                FakeUpstream.cuttingAfter(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n"));
        assertThat(raw()).startsWith("HTTP/1.1 200 ").endsWith("\r\n5\r\nfirst\r\n");
        await().untilAsserted(() -> assertThat(gateway.digits().failures()).isEqualTo(1));
    }

    @Test
    void a_client_sees_that_a_long_answer_was_cut() throws Exception {
        upstream.script(
                FakeUpstream.cuttingAfter(
                        "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + "x".repeat(1000)));
        assertThat(raw()).hasSizeLessThan(2000);
        await().untilAsserted(() -> assertThat(gateway.digits().failures()).isEqualTo(1));
        assertThat(gateway.admin("/metrics"))
                .contains(
                        "tidemill_gateway_request_seconds_count{class=\"cut\",model=\"digits\"} 1");
    }

    @Test
    void a_client_that_leaves_ends_the_work_of_the_replica() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        upstream.script((_, connection) -> {
            try {
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                while (true) {
                    connection.write("5\r\nagain\r\n");
                }
            } finally {
                stopped.countDown();
            }
        });
        try (Socket socket = gateway.connect()) {
            socket.getOutputStream()
                    .write(
                            ("GET " + RunningGateway.INFER + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
        }
        stopped.await();
        await().untilAsserted(() -> assertThat(gateway.digits().inFlight()).isZero());
    }

    private String raw() throws IOException {
        return gateway.raw("GET " + RunningGateway.INFER + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
