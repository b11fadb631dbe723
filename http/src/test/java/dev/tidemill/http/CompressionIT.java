package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Packed bodies, both ways, over real sockets.
final class CompressionIT {
    private static final int LIMIT = 4 << 20;

    private final AtomicLong taken = new AtomicLong();
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpEdge edge =
            HttpEdge.builder(new Readiness(Optional::empty), new Metrics())
                    .listen(new Listener("main", "127.0.0.1", 0, LIMIT), this::routes)
                    .build();

    private void routes(Routes routes) {
        routes.post(
                "/echo",
                (request, response) ->
                        Bodies.sendJson(
                                response, 200, Bodies.read(request, LIMIT, taken::addAndGet)));
    }

    @BeforeEach
    void start() {
        edge.start();
    }

    @AfterEach
    void stop() {
        client.close();
        edge.close();
    }

    @Test
    void unpacks_gzip_and_both_kinds_of_deflate() throws Exception {
        byte[] body = text(100_000);
        assertThat(echo("gzip", BodyPublishers.ofByteArray(gzip(body))).body()).isEqualTo(body);
        assertThat(echo("x-gzip", BodyPublishers.ofByteArray(gzip(body))).body()).isEqualTo(body);
        assertThat(echo("deflate", BodyPublishers.ofByteArray(deflate(body, false))).body())
                .isEqualTo(body);
        assertThat(echo("deflate", BodyPublishers.ofByteArray(deflate(body, true))).body())
                .isEqualTo(body);
        assertThat(echo("identity", BodyPublishers.ofByteArray(body)).body()).isEqualTo(body);
        assertThat(taken).hasValue(5 * body.length);
    }

    @Test
    void unpacks_bodies_that_do_not_say_how_long_they_are() throws Exception {
        byte[] body = text(300_000);
        byte[] packed = gzip(body);
        BodyPublisher chunks = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(packed));
        assertThat(echo("gzip", chunks).body()).isEqualTo(body);
    }

    @Test
    void bounds_what_it_unpacks() throws Exception {
        HttpResponse<byte[]> tooLong =
                echo("gzip", BodyPublishers.ofByteArray(gzip(noise(LIMIT + 1))));
        assertThat(tooLong.statusCode()).isEqualTo(413);
        taken.set(0);
        HttpResponse<byte[]> bomb =
                echo("gzip", BodyPublishers.ofByteArray(gzip(new byte[100 << 20])));
        assertThat(bomb.statusCode()).isEqualTo(413);
        assertThat(taken).hasValueLessThanOrEqualTo(LIMIT);
    }

    @Test
    void unpacks_honest_bodies_that_pack_well() throws Exception {
        byte[] zeros = new byte[LIMIT];
        HttpResponse<byte[]> answer = echo("gzip", BodyPublishers.ofByteArray(gzip(zeros)));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(zeros);
    }

    @Test
    void refuses_what_is_not_packed_as_it_says() throws Exception {
        byte[] packed = gzip(text(10_000));
        HttpResponse<byte[]> cut =
                echo("gzip", BodyPublishers.ofByteArray(Arrays.copyOf(packed, packed.length / 2)));
        assertThat(cut.statusCode()).isEqualTo(400);
        HttpResponse<byte[]> plain = echo("gzip", BodyPublishers.ofString("{}"));
        assertThat(plain.statusCode()).isEqualTo(400);
        assertThat(text(plain)).contains("expected: gzip, as Content-Encoding says");
        assertThat(echo("deflate", BodyPublishers.ofString("{}")).statusCode()).isEqualTo(400);
        assertThat(echo("gzip", BodyPublishers.noBody()).statusCode()).isEqualTo(200);
        HttpResponse<byte[]> other = echo("br", BodyPublishers.ofByteArray(packed));
        assertThat(other.statusCode()).isEqualTo(415);
        assertThat(text(other)).contains("Content-Encoding: 'br' (expected: gzip, deflate");
        assertThat(echo("gzip, gzip", BodyPublishers.ofByteArray(packed)).statusCode())
                .isEqualTo(415);
    }

    @Test
    void packs_answers_as_the_client_likes() throws Exception {
        byte[] body = text(5_000);
        HttpResponse<byte[]> zipped = accepting("gzip;q=0.5, br", body);
        assertThat(zipped.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(zipped.headers().firstValue("vary")).hasValue("Accept-Encoding");
        assertThat(zipped.body()).hasSizeLessThan(body.length);
        assertThat(unpack(new GZIPInputStream(new ByteArrayInputStream(zipped.body()))))
                .isEqualTo(body);
        HttpResponse<byte[]> deflated = accepting("deflate", body);
        assertThat(deflated.headers().firstValue("content-encoding")).hasValue("deflate");
        assertThat(unpack(new InflaterInputStream(new ByteArrayInputStream(deflated.body()))))
                .isEqualTo(body);
    }

    @Test
    void leaves_answers_plain_when_nobody_asked_or_nothing_is_gained() throws Exception {
        for (HttpResponse<byte[]> answer :
                java.util.List.of(
                        accepting("br", text(5_000)),
                        accepting("gzip", text(1023)),
                        accepting("gzip;q=0", text(5_000)),
                        accepting("gzip", noise(5_000)))) {
            assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    private HttpResponse<byte[]> echo(String coding, BodyPublisher body) throws Exception {
        return client.send(
                request().header("Content-Encoding", coding).POST(body).build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> accepting(String codings, byte[] body) throws Exception {
        return client.send(
                request()
                        .header("Accept-Encoding", codings)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/echo".formatted(edge.port("main"))));
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static byte[] text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < length; i++) {
            text.append(i * 7919L % 1000).append(',');
        }
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(1).nextBytes(noise);
        return noise;
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    private static byte[] deflate(byte[] body, boolean bare) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, bare);
                DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    private static byte[] unpack(InputStream in) throws IOException {
        try (in) {
            return in.readAllBytes();
        }
    }
}
