package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that leaves must not leave a GPU at work.
final class CancelIT {
    private final FakeUpstream upstream = FakeUpstream.start(FakeUpstream.echo());
    private final RunningGateway gateway =
            new RunningGateway(
                    ConfigLine.digits(upstream)
                            .route("/predict", "digits")
                            .rules(
                                    new Rules()
                                            .route(Rules.model("m", upstream))
                                            .route(Rules.path("/api/ai", upstream))
                                            .rules()));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/v1/completions",
                "/v1/embeddings",
                "/v1/responses",
                "/v2/models/digits/infer",
                "/v1/models/digits:predict",
                "/predict",
                "/api/ai/stream"
            })
    void a_client_that_leaves_while_the_upstream_thinks_ends_its_work(String path)
            throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        upstream.script(LlmScripts.silent(asked, left));
        try (Socket _ = ask(path, "{\"model\":\"m\"}")) {
            asked.await();
        }
        left.await();
        await().untilAsserted(() ->
                assertThat(gateway.admin("/metrics"))
                        .containsPattern("tidemill_gateway_clients_left_total\\{.*} 1.0"));
    }

    @Test
    void so_does_one_that_wanted_a_stream_and_one_that_has_some_of_it() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        upstream.script(LlmScripts.silent(asked, left));
        try (Socket _ = ask(Rules.CHAT, "{\"model\":\"m\",\"stream\":true}")) {
            asked.await();
        }
        left.await();

        CountDownLatch leftLater = new CountDownLatch(1);
        upstream.script(LlmScripts.silentAfter(leftLater, "data: {}\n\n"));
        try (Socket client = ask(Rules.CHAT, "{\"model\":\"m\",\"stream\":true}")) {
            assertThat(client.getInputStream().readNBytes(17)).hasSize(17);
        }
        leftLater.await();
    }

    @Test
    void one_that_leaves_while_it_waits_for_a_replica_waits_no_more() throws Exception {
        gateway.gateway.update(ConfigLine.empty().model("digits", "digits").json());
        try (Socket _ = ask("/v2/models/digits/infer", "{}")) {
            await().untilAsserted(() -> assertThat(gateway.digits().waiting()).isEqualTo(1));
        }
        await().untilAsserted(() -> assertThat(gateway.digits().waiting()).isZero());
        await().untilAsserted(() -> assertThat(gateway.digits().inFlight()).isZero());
    }

    @Test
    void the_next_request_of_a_slow_one_s_connection_is_answered() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        upstream.script((request, connection) -> {
            asked.countDown();
            answer.await();
            FakeUpstream.echo().answer(request, connection);
        });
        try (Socket client = ask("/predict", "{\"n\":1}")) {
            asked.await();
            client.getOutputStream().write(request("/predict", "{\"n\":2}"));
            answer.countDown();
            String both = "";
            while (!both.contains("{\"n\":2}")) {
                byte[] more = new byte[4096];
                int read = client.getInputStream().read(more);
                assertThat(read).isPositive();
                both += new String(more, 0, read, StandardCharsets.UTF_8);
            }
            assertThat(both).contains("{\"n\":1}");
        }
    }

    private Socket ask(String path, String body) throws Exception {
        Socket client = gateway.connect();
        client.getOutputStream().write(request(path, body));
        return client;
    }

    private static byte[] request(String path, String body) {
        return ("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(path, body.length(), body))
                .getBytes(StandardCharsets.UTF_8);
    }
}
