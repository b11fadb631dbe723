package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.FakeUpstream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RefusalIT {
    private final FakeUpstream upstream = FakeUpstream.start(FakeUpstream.echo());
    private final RunningGateway gateway =
            new RunningGateway(
                    ConfigLine.digits(upstream).route("/predict", "digits").maxBodyBytes(1000));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void an_unknown_model_is_404_and_names_those_that_are_served() throws Exception {
        HttpResponse<String> answer = gateway.post("/v2/models/iris/infer", "{}");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"error\":\"model: 'iris' (expected: digits)\"}");
    }

    @Test
    void an_unknown_path_is_404() throws Exception {
        HttpResponse<String> answer = gateway.get("/nowhere");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"path: '/nowhere' (expected: a path that GET / lists)\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v2/models/digits/../iris", "/v2/models/digits/%2e%2e/x", "/predict/."})
    void a_path_that_can_be_read_in_two_ways_is_400(String path) throws Exception {
        assertThat(gateway.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void another_method_is_405_and_says_which_go() throws Exception {
        HttpResponse<String> answer =
                gateway.send(gateway.request("/predict").DELETE(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue("GET, HEAD, POST");
    }

    @Test
    void a_body_over_the_limit_is_413() throws Exception {
        HttpResponse<String> answer =
                gateway.send(
                        gateway.request("/predict")
                                .POST(BodyPublishers.ofByteArray(new byte[1001])),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("1000 B");
    }

    /// Each of these is two requests to one reader and one request to another.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x",
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /x",
                "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "Content-Length: 2, 3\r\n\r\n{}",
                "Content-Length: +2\r\n\r\n{}",
                "Content-Length: -1\r\n\r\n{}",
                "Transfer-Encoding: gzip\r\n\r\n{}",
                "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            })
    void a_body_whose_end_is_ambiguous_is_400_and_ends_the_connection(String rest)
            throws Exception {
        String answer = gateway.raw("POST /predict HTTP/1.1\r\nHost: x\r\n" + rest);
        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(answer.split("HTTP/1.1", -1)).hasSize(2);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void a_client_that_leaves_before_its_body_is_whole_reaches_no_replica() throws Exception {
        try (var socket = gateway.connect()) {
            socket.getOutputStream()
                    .write(
                            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
                                    .getBytes());
        }
        assertThat(gateway.post("/predict", "{}").statusCode()).isEqualTo(200);
        assertThat(upstream.requests()).hasSize(1);
        assertThat(gateway.digits().requests()).isEqualTo(1);
    }
}
