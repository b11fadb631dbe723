package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.reload.ConfigFollower;
import dev.tidemill.testkit.CapturedLog;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReloadIT {
    private static final String BODY = "{\"model\":\"m\"}";
    private final FakeUpstream one = FakeUpstream.start(LlmScripts.json("{\"by\":\"one\"}"));
    private final FakeUpstream two = FakeUpstream.start(LlmScripts.json("{\"by\":\"two\"}"));
    private final RunningGateway gateway =
            new RunningGateway(Rules.line(new Rules().route(Rules.model("m", one))));

    /// What the file says next; nothing new when it gives nothing.
    private final AtomicReference<Supplier<Optional<GatewayConfig>>> file =
            new AtomicReference<>(Optional::empty);

    private final ConfigFollower follower =
            new ConfigFollower(
                    () -> file.getAndSet(Optional::empty).get(),
                    gateway.gateway::update,
                    gateway.gateway.status(),
                    Duration.ofMillis(5));

    @AfterEach
    void stop() {
        follower.close();
        gateway.close();
        one.close();
        two.close();
    }

    @Test
    void another_file_takes_over_and_what_is_in_flight_ends_as_it_began() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        one.script((request, connection) -> {
            asked.countDown();
            answer.await();
            LlmScripts.json("{\"by\":\"one\"}").answer(request, connection);
        });
        CompletableFuture<HttpResponse<String>> slow = gateway.postAsync(Rules.CHAT, BODY);
        asked.await();
        follower.start();
        say(Rules.line(new Rules().route(Rules.model("m", two))).config());
        await().untilAsserted(
                        () -> assertThat(gateway.post(Rules.CHAT, BODY).body()).contains("two"));
        answer.countDown();
        assertThat(slow.get().body()).contains("one");
    }

    @Test
    void a_broken_file_keeps_the_old_one_and_everybody_can_see_it() throws Exception {
        follower.start();
        try (CapturedLog log = CapturedLog.of("dev.tidemill.gateway.reload.ConfigStatus")) {
            file.set(() -> {
                throw new TidemillException(ErrorCode.INVALID_SPEC, "gateway.yaml:7: oh no");
            });
            await().untilAsserted(() ->
                    assertThat(gateway.get("/health").body())
                            .isEqualTo(
                                    "{\"status\":\"healthy\",\"configuration\":\"the newest configuration is refused and the one before is in use; the log says why\"}"));
            assertThat(log.messages()).anyMatch(line -> line.contains("gateway.yaml:7: oh no"));
        }
        assertThat(gateway.post(Rules.CHAT, BODY).body()).contains("one");
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_config_broken 1.0")
                .contains("tidemill_gateway_reloads_total{result=\"refused\"} 1.0");

        say(Rules.line(new Rules().route(Rules.model("m", two))).config());
        await().untilAsserted(() ->
                assertThat(gateway.get("/health").body()).isEqualTo("{\"status\":\"healthy\"}"));
        assertThat(gateway.post(Rules.CHAT, BODY).body()).contains("two");
        assertThat(gateway.admin("/metrics")).contains("tidemill_gateway_config_broken 0.0");
    }

    @Test
    void a_file_whose_upstream_wants_a_key_that_is_not_there_is_refused_whole() throws Exception {
        follower.start();
        say(
                Rules.line(
                                new Rules()
                                        .route(
                                                Rules.model("m")
                                                        .upstream(
                                                                two.url().toString(),
                                                                1,
                                                                Optional.empty(),
                                                                Optional.of(
                                                                        new GatewayRules.Credential(
                                                                                Optional.of(
                                                                                        "NOT_SET"),
                                                                                Optional.empty(),
                                                                                "authorization")))))
                        .config());
        await().untilAsserted(
                        () -> assertThat(gateway.get("/health").body()).contains("is refused"));
        assertThat(gateway.post(Rules.CHAT, BODY).body()).contains("one");
    }

    private void say(GatewayConfig config) {
        file.set(() -> Optional.of(config));
    }
}
