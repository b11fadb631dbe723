package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.FakeUpstream;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyIT {
    private static final int MAX_BODY = 1 << 22;
    private final FakeUpstream upstream = FakeUpstream.start(FakeUpstream.echo());
    private final RunningGateway gateway =
            new RunningGateway(
                    ConfigLine.digits(upstream)
                            .model("intents", "digits", upstream)
                            .route("/predict", "intents")
                            .maxBodyBytes(MAX_BODY));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void a_request_and_its_answer_pass_through() throws Exception {
        HttpResponse<String> answer = gateway.post(RunningGateway.INFER, "{\"x\":1}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"x\":1}");
        assertThat(answer.headers().firstValue("tidemill-replica")).hasValue("r0");
        FakeUpstream.Request seen = upstream.requests().getFirst();
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.target()).isEqualTo(RunningGateway.INFER);
        assertThat(seen.header("tidemill-model")).isNull();
        assertThat(seen.header("user-agent")).startsWith("Java-http-client");
        assertThat(seen.header("host")).isEqualTo("127.0.0.1:" + gateway.gateway.port());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 16_384, 300_000, 1 << 20, (1 << 20) + 1, MAX_BODY})
    void a_body_of_any_size_passes_unchanged_both_ways(int size) throws Exception {
        byte[] body = new byte[size];
        new SplittableRandom(size).nextBytes(body);
        for (boolean chunked : new boolean[] {false, true}) {
            HttpResponse<byte[]> answer =
                    gateway.send(
                            gateway.request(RunningGateway.INFER)
                                    .header("content-type", "application/octet-stream")
                                    .POST(
                                            chunked
                                                    ? BodyPublishers.ofInputStream(
                                                            () -> new ByteArrayInputStream(body))
                                                    : BodyPublishers.ofByteArray(body)),
                            BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.headers().firstValue("content-type"))
                    .hasValue("application/octet-stream");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/models/digits/infer?x=1&y=%20+%2B&z",
                "/v2/models/digits/a%2Fb/%E4%BD%A0?q=a=b&&c",
                "/v2/models/digits//x;v=1/",
                "/v2/models/%64igits/ready",
                "/predict?t=%7E~",
            })
    void paths_and_queries_pass_unchanged(String target) throws Exception {
        String answer =
                gateway.raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(upstream.requests().getFirst().target()).isEqualTo(target);
    }

    @Test
    void a_configured_path_names_its_model_to_the_replica_whatever_the_client_says()
            throws Exception {
        gateway.send(
                gateway.request("/predict")
                        .header("Tidemill-Model", "digits")
                        .POST(BodyPublishers.ofString("{}")),
                BodyHandlers.ofString());
        FakeUpstream.Request seen = upstream.requests().getFirst();
        assertThat(seen.target()).isEqualTo("/predict");
        assertThat(seen.header("tidemill-model")).isEqualTo("intents");
    }

    @Test
    void headers_pass_except_those_that_end_at_this_hop() throws Exception {
        upstream.script((request, connection) ->
                connection.write(
                        "HTTP/1.1 201 Created\r\nX-One: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
                                + "Connection: X-Secret, keep-alive\r\nX-Secret: s\r\nKeep-Alive: timeout=5\r\n"
                                + "x-request-id: other\r\ntidemill-replica: other\r\nUpgrade: h2c\r\n"
                                + "Content-Length: 2\r\n\r\nok"));
        String answer =
                gateway.raw(
                        "POST /v2/models/digits/infer HTTP/1.1\r\nHost: example.org\r\n"
                                + "Connection: close, X-Hop\r\nX-Hop: h\r\nTE: trailers\r\nKeep-Alive: 1\r\n"
                                + "Proxy-Authorization: p\r\nAuthorization: Bearer t\r\nX-Two: a\r\nX-Two: b\r\n"
                                + "x-request-id: abc\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(answer)
                .startsWith("HTTP/1.1 201 ")
                .contains("X-One: 1\r\n", "Set-Cookie: a=1\r\n", "Set-Cookie: b=2\r\n")
                .contains("x-request-id: abc\r\n", "tidemill-replica: r0\r\n")
                .doesNotContain("X-Secret", "Keep-Alive", "Upgrade", "other")
                .endsWith("\r\n\r\nok");
        Map<String, List<String>> seen = upstream.requests().getFirst().headers();
        assertThat(seen)
                .containsEntry("host", List.of("example.org"))
                .containsEntry("authorization", List.of("Bearer t"))
                .containsEntry("x-two", List.of("a", "b"))
                .containsEntry("x-request-id", List.of("abc"))
                .containsEntry("content-length", List.of("2"))
                .doesNotContainKeys(
                        "connection", "x-hop", "te", "keep-alive", "proxy-authorization");
    }

    @Test
    void a_request_without_an_id_gets_one_that_is_the_same_everywhere() throws Exception {
        HttpResponse<String> answer = gateway.post(RunningGateway.INFER, "{}");
        assertThat(answer.headers().firstValue("x-request-id"))
                .isPresent()
                .hasValue(upstream.requests().getFirst().header("x-request-id"));
    }

    @Test
    void get_has_no_body_and_no_length() throws Exception {
        gateway.get("/v2/models/digits");
        assertThat(upstream.requests().getFirst().headers()).doesNotContainKey("content-length");
    }

    @Test
    void head_gets_the_length_and_no_body() throws Exception {
        upstream.script((_, connection) ->
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"));
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer =
                    gateway.send(
                            gateway.request("/v2/models/digits").HEAD(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(12);
        }
        assertThat(upstream.accepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"204, ''", "304, ''", "400, bad", "404, none", "500, broken", "422, odd"})
    void any_status_passes(int status, String body) throws Exception {
        upstream.script((_, connection) ->
                connection.write(
                        "HTTP/1.1 %d\r\n%s\r\n%s"
                                .formatted(
                                        status,
                                        body.isEmpty()
                                                ? ""
                                                : "Content-Length: " + body.length() + "\r\n",
                                        body)));
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> answer = gateway.get("/v2/models/digits");
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo(body);
        }
        assertThat(upstream.accepted()).isEqualTo(1);
    }

    @Test
    void informational_answers_are_skipped() throws Exception {
        upstream.script((_, connection) ->
                connection.write(
                        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        assertThat(gateway.get("/v2/models/digits").body()).isEqualTo("ok");
    }

    @Test
    void connections_are_kept_from_request_to_request() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(gateway.post(RunningGateway.INFER, "{}").statusCode()).isEqualTo(200);
        }
        assertThat(upstream.accepted()).isEqualTo(1);
    }
}
