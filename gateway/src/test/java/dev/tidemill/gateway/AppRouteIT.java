package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.gateway.traffic.Signals;
import dev.tidemill.testkit.FakeUpstream;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Routes to programs of anybody's whose replicas are the gateway's own to pick from.
final class AppRouteIT {
    private final FakeUpstream one = FakeUpstream.start(FakeUpstream.echo());
    private final FakeUpstream two = FakeUpstream.start(FakeUpstream.echo());
    private final FakeUpstream digits = FakeUpstream.start(FakeUpstream.echo());
    private RunningGateway gateway = new RunningGateway(ConfigLine.empty());

    @AfterEach
    void stop() {
        gateway.close();
        one.close();
        two.close();
        digits.close();
    }

    @Test
    void an_app_gets_requests_as_they_come_whatever_their_method() throws Exception {
        begin(line(Rules.path("/portal").own("portal", 1), one));
        HttpResponse<String> answer =
                gateway.send(
                        gateway.request("/portal/pages/7?draft=1")
                                .header("content-type", "text/plain")
                                .method("PUT", BodyPublishers.ofString("hello")),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.headers().firstValue("tidemill-replica")).hasValue("r0");
        FakeUpstream.Request seen = one.requests().getFirst();
        assertThat(seen.method()).isEqualTo("PUT");
        assertThat(seen.target()).isEqualTo("/portal/pages/7?draft=1");
        assertThat(seen.header("host")).isEqualTo("127.0.0.1:" + gateway.gateway.port());
        assertThat(seen.headers()).doesNotContainKey("tidemill-model");
    }

    @Test
    void its_path_may_be_taken_off_and_is_put_back_into_what_it_redirects_to() throws Exception {
        one.script(FakeUpstream.answering(303, Map.of("Location", one.url() + "/login"), ""));
        begin(line(Rules.path("/portal").own("portal", 1).strip(), one));

        HttpResponse<String> answer = gateway.get("/portal/pages");

        assertThat(one.requests().getFirst().target()).isEqualTo("/pages");
        assertThat(answer.headers().firstValue("location")).hasValue("/portal/login");
    }

    @Test
    void all_its_replicas_work_and_one_that_died_is_left_out() throws Exception {
        begin(line(Rules.path("/portal").own("portal", 1), one, two));
        Set<String> by = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            by.add(gateway.get("/portal").headers().firstValue("tidemill-replica").orElse(""));
        }
        assertThat(by).containsExactlyInAnyOrder("r0", "r1");

        one.die();
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> answer = gateway.get("/portal");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("tidemill-replica")).hasValue("r1");
        }
    }

    @Test
    void it_is_no_model() throws Exception {
        begin(line(Rules.path("/portal").own("portal", 1), one));

        assertThat(gateway.get("/v2/models").body()).contains("digits").doesNotContain("portal");
        assertThat(gateway.get("/v1/models").body()).contains("digits").doesNotContain("portal");
        assertThat(gateway.post("/v2/models/portal/infer", "{}").statusCode()).isEqualTo(404);
        assertThat(one.requests()).isEmpty();
    }

    @Test
    void it_may_answer_chats_under_names_that_clients_use() throws Exception {
        begin(line(Rules.model("tiny").named("chat").own("portal", 1), one));

        HttpResponse<String> answer = gateway.post(Rules.CHAT, "{\"model\":\"tiny\"}");

        assertThat(answer.body()).isEqualTo("{\"model\":\"tiny\"}");
        assertThat(one.requests().getFirst().target()).isEqualTo(Rules.CHAT);
    }

    @Test
    void what_it_is_sent_counts_for_its_pool_until_its_stream_has_ended() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        one.script((_, connection) -> {
            connection.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n6\r\ndata:1\r\n");
            end.await();
            connection.write("0\r\n\r\n");
        });
        begin(line(Rules.path("/stream").own("portal", 1), one));

        HttpResponse<InputStream> stream =
                gateway.send(gateway.request("/stream"), BodyHandlers.ofInputStream());
        assertThat(stream.body().readNBytes(6))
                .isEqualTo("data:1".getBytes(StandardCharsets.UTF_8));
        assertThat(portal().inFlight()).isEqualTo(1);
        end.countDown();
        assertThat(stream.body().readAllBytes()).isEmpty();
        while (portal().requests() < 1) {
            Thread.onSpinWait();
        }
        assertThat(portal().inFlight()).isZero();
        assertThat(portal().requests()).isEqualTo(1);
    }

    @Test
    void a_route_of_its_own_name_counts_once() throws Exception {
        begin(line(Rules.path("/portal").named("portal").own("portal", 1), one));
        for (int i = 0; i < 5; i++) {
            gateway.get("/portal");
        }
        while (portal().requests() < 5) {
            Thread.onSpinWait();
        }
        assertThat(portal().requests()).isEqualTo(5);
        assertThat(portal().inFlight()).isZero();
    }

    @Test
    void requests_wait_for_its_first_replica() throws Exception {
        Rules.RouteOf route = Rules.path("/portal").own("portal", 1).waits(20_000);
        begin(line(route));
        CompletableFuture<HttpResponse<String>> waiting = gateway.postAsync("/portal", "x");
        while (portal().waiting() < 1) {
            Thread.onSpinWait();
        }
        gateway.gateway.update(line(route, one).port(0).json());

        assertThat(waiting.get().body()).isEqualTo("x");
    }

    private Signals.Model portal() throws Exception {
        return gateway.signals().models().stream()
                .filter(model -> model.name().equals("portal"))
                .findFirst()
                .orElseThrow();
    }

    private ConfigLine line(Rules.RouteOf route, FakeUpstream... replicas) {
        return ConfigLine.digits(digits)
                .app("portal", replicas)
                .waitForReplica(Duration.ofMillis(100))
                .rules(new Rules().route(route).rules());
    }

    private void begin(ConfigLine line) {
        gateway.close();
        gateway = new RunningGateway(line);
    }
}
