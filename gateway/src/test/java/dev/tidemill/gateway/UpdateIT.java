package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.testkit.FakeUpstream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UpdateIT {
    private final FakeUpstream one = FakeUpstream.start(FakeUpstream.echo());
    private final FakeUpstream two = FakeUpstream.start(FakeUpstream.echo());
    private final RunningGateway gateway = new RunningGateway(ConfigLine.digits(one));

    @AfterEach
    void stop() {
        gateway.close();
        one.close();
        two.close();
    }

    @Test
    void a_new_line_replaces_replicas_routes_and_timeouts_as_a_whole() throws Exception {
        gateway.gateway.update(
                ConfigLine.empty()
                        .model("intents", "intents", two)
                        .route("/predict", "intents")
                        .json());
        assertThat(gateway.post("/predict", "{}").statusCode()).isEqualTo(200);
        assertThat(gateway.post(RunningGateway.INFER, "{}").statusCode()).isEqualTo(404);
        assertThat(two.requests()).hasSize(1);
        assertThat(gateway.signals().models()).extracting("name").containsExactly("intents");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "nonsense",
                "[]",
                "{\"name\":\"gateway\"}",
                "PORT",
                "NO_SUCH_MODEL",
                "BAD_URL",
                "TWICE"
            })
    void a_line_with_problems_changes_nothing(String kind) throws Exception {
        String good = ConfigLine.digits(two).route("/p", "digits").json();
        String line =
                switch (kind) {
                    case "PORT" -> ConfigLine.digits(two).port(1).json();
                    case "NO_SUCH_MODEL" -> good.replace("\"model\":\"digits\"", "\"model\":\"x\"");
                    case "BAD_URL" -> good.replace("http:", "https:");
                    case "TWICE" -> ConfigLine.digits(two).model("digits", "digits", two).json();
                    default -> kind;
                };
        gateway.gateway.update(line);
        assertThat(gateway.post(RunningGateway.INFER, "{}").statusCode()).isEqualTo(200);
        assertThat(one.requests()).hasSize(1);
        assertThat(two.requests()).isEmpty();

        gateway.gateway.update(good);
        assertThat(gateway.post(RunningGateway.INFER, "{}").statusCode()).isEqualTo(200);
        assertThat(two.requests()).hasSize(1);
    }

    @Test
    void a_removed_replica_finishes_what_it_has_and_its_connections_are_closed() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        gateway.post(RunningGateway.INFER, "first");
        one.script((request, connection) -> {
            entered.countDown();
            release.await();
            FakeUpstream.echo().answer(request, connection);
        });
        CompletableFuture<HttpResponse<String>> slow =
                gateway.postAsync(RunningGateway.INFER, "slow");
        entered.await();
        gateway.gateway.update(ConfigLine.digits(two).json());
        assertThat(gateway.post(RunningGateway.INFER, "{}").statusCode()).isEqualTo(200);
        assertThat(two.requests()).hasSize(1);
        release.countDown();
        assertThat(slow.get().body()).isEqualTo("slow");
        await().untilAsserted(() -> assertThat(one.openConnections()).isZero());
    }

    @Test
    void a_replica_that_stays_keeps_its_connections() throws Exception {
        for (int i = 0; i < 5; i++) {
            gateway.post(RunningGateway.INFER, "{}");
            gateway.gateway.update(
                    ConfigLine.digits(one).requestTimeout(Duration.ofSeconds(5 + i)).json());
        }
        assertThat(one.accepted()).isEqualTo(1);
    }

    @Test
    void all_is_ready_when_every_model_has_a_replica_and_one_without_keeps_nobody_from_the_others()
            throws Exception {
        assertThat(gateway.get("/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
        assertThat(gateway.get("/health").body()).isEqualTo("{\"status\":\"healthy\"}");
        assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);

        gateway.gateway.update(ConfigLine.digits(one).model("intents", "intents").json());
        HttpResponse<String> ready = gateway.get("/v2/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body())
                .isEqualTo("{\"ready\":false,\"reason\":\"no replica of: intents\"}");
        assertThat(gateway.get("/health").statusCode()).isEqualTo(503);
        // A balancer goes on sending requests here.
        assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
        gateway.get("/v2/models/none/infer");

        gateway.gateway.update(ConfigLine.digits(one).json());
        assertThat(gateway.get("/v2/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void a_newcomer_finds_the_models_at_the_root() throws Exception {
        gateway.gateway.update(ConfigLine.digits(one).route("/predict", "digits").json());
        assertThat(gateway.get("/").body())
                .isEqualTo(
                        "{\"name\":\"gateway\",\"version\":\"0.1.0\",\"ready\":true,"
                                + "\"inference\":[{\"path\":\"/v2/models/digits/infer\",\"model\":\"digits\"}],"
                                + "\"routes\":[{\"path\":\"/predict\",\"model\":\"digits\"}],"
                                + "\"more\":[\"/v2/models\",\"/v2/health/ready\",\"/v2/health/live\"]}");
        assertThat(gateway.get("/v2/models").body())
                .isEqualTo("{\"models\":[{\"name\":\"digits\",\"replicas\":1}]}");
        assertThat(gateway.get("/v2").body())
                .isEqualTo("{\"name\":\"gateway\",\"version\":\"0.1.0\",\"extensions\":[]}");
        assertThat(one.requests()).isEmpty();
    }

    @Test
    void a_route_for_everything_takes_the_root_too() throws Exception {
        gateway.gateway.update(ConfigLine.digits(one).route("/", "digits").json());
        gateway.get("/");
        gateway.get("/some/page");
        assertThat(one.requests()).extracting("target").containsExactly("/", "/some/page");
        assertThat(gateway.get("/v2/models").body()).contains("digits");
    }
}
