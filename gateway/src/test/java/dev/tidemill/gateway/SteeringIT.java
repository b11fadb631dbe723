package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Mirroring, hedging, affinity and holding.
final class SteeringIT {
    private static final String ASK = "{\"model\":\"m\",\"messages\":[]}";
    private final FakeUpstream one = FakeUpstream.start(LlmScripts.json("{\"by\":\"one\"}"));
    private final FakeUpstream two = FakeUpstream.start(LlmScripts.json("{\"by\":\"two\"}"));
    private final RunningGateway gateway = new RunningGateway(ConfigLine.empty());

    @AfterEach
    void stop() {
        gateway.close();
        one.close();
        two.close();
    }

    @Test
    void a_mirror_gets_a_copy_and_the_caller_nothing_of_it() throws Exception {
        two.script(LlmScripts.json("{\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":9}}"));
        begin(Rules.model("m", one).traffic(mirror(100)));
        assertThat(ask().body()).contains("one");
        await().untilAsserted(() ->
                assertThat(gateway.admin("/metrics"))
                        .contains(
                                "tidemill_gateway_mirror_seconds_count{class=\"2xx\",route=\"m\"} 1"));
        assertThat(new String(two.requests().getFirst().body(), StandardCharsets.UTF_8))
                .isEqualTo(ASK.replace("\"m\"", "\"next\""));
        assertThat(gateway.admin("/metrics")).doesNotContain("kind=\"input\",model=\"m\"} 1000");
    }

    @Test
    void a_mirror_that_hangs_or_is_down_delays_and_fails_nobody() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        two.script(LlmScripts.silent(asked, left));
        begin(Rules.model("m", one).traffic(mirror(100)));
        for (int i = 0; i < 200; i++) {
            assertThat(ask().body()).contains("one");
        }
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_mirror_dropped_total{route=\"m\"} 72.0");
        two.die();
        assertThat(ask().body()).contains("one");
    }

    @Test
    void a_part_of_the_requests_is_mirrored() throws Exception {
        begin(Rules.model("m", one).traffic(mirror(25)));
        for (int i = 0; i < 200; i++) {
            ask();
        }
        await().untilAsserted(() -> assertThat(two.requests().size()).isBetween(25, 75));
    }

    @Test
    void a_slow_replica_is_overtaken_and_its_work_cancelled() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        begin(Rules.model("m").replicas(one, two).traffic(hedge(20)));
        one.script(LlmScripts.silent(new CountDownLatch(1), left));
        while (left.getCount() > 0) {
            assertThat(ask().body()).contains("two");
        }
        left.await();
        // More than one where an answer of the other took long on a busy machine.
        assertThat(gateway.admin("/metrics"))
                .containsPattern(
                        "tidemill_gateway_hedges_total\\{result=\"won\",route=\"m\"} [1-9]");
    }

    @Test
    void a_slow_stream_is_overtaken_before_its_first_piece_and_passes_whole() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        one.script(LlmScripts.silent(new CountDownLatch(1), left));
        two.script(LlmScripts.events("data: {\"a\":1}\n\n", "data: [DONE]\n\n"));
        begin(Rules.model("m").replicas(one, two).traffic(hedge(20)));
        while (left.getCount() > 0) {
            assertThat(
                            gateway.post(
                                            Rules.CHAT,
                                            ASK.replace("\"model\"", "\"stream\":true,\"model\""))
                                    .body())
                    .isEqualTo("data: {\"a\":1}\n\ndata: [DONE]\n\n");
        }
        left.await();
    }

    @Test
    void a_failure_is_not_taken_while_the_other_may_answer() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        one.script((request, connection) -> {
            await().until(() -> two.requests().size() >= asked.get());
            LlmScripts.json("{\"by\":\"one\"}").answer(request, connection);
        });
        two.script(LlmScripts.rateLimited("9"));
        begin(Rules.model("m").replicas(one, two).traffic(hedge(20)));
        while (!gateway.admin("/metrics")
                .contains("tidemill_gateway_hedges_total{result=\"lost\"")) {
            asked.incrementAndGet();
            assertThat(ask().body()).contains("one");
        }
    }

    @Test
    void when_hedging_is_learned_nothing_is_sent_twice_before_it_is() throws Exception {
        begin(
                Rules.model("m")
                        .replicas(one, two)
                        .traffic(
                                new TrafficRules(
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(
                                                new TrafficRules.Hedge(
                                                        Optional.empty(), Optional.of(95.0))),
                                        false,
                                        Optional.empty())));
        for (int i = 0; i < 40; i++) {
            ask();
        }
        assertThat(one.requests().size() + two.requests().size()).isEqualTo(40);
        for (int i = 0; i < 20; i++) {
            ask();
        }
        CountDownLatch left = new CountDownLatch(1);
        one.script(LlmScripts.silent(new CountDownLatch(1), left));
        while (left.getCount() > 0) {
            assertThat(ask().body()).contains("two");
        }
    }

    @Test
    void a_client_that_leaves_ends_both_attempts() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch left = new CountDownLatch(2);
        one.script(LlmScripts.silent(asked, left));
        two.script(LlmScripts.silent(asked, left));
        begin(Rules.model("m").replicas(one, two).traffic(hedge(20)));
        CompletableFuture<HttpResponse<String>> going = gateway.postAsync(Rules.CHAT, ASK);
        asked.await();
        going.cancel(true);
        left.await();
    }

    @Test
    void conversations_stay_with_the_replica_that_knows_them() throws Exception {
        begin(
                Rules.model("m")
                        .replicas(one, two)
                        .traffic(
                                new TrafficRules(
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        true,
                                        Optional.empty())));
        for (int conversation = 0; conversation < 10; conversation++) {
            String begun =
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"%d\"}"
                            .formatted(conversation);
            String first = gateway.post(Rules.CHAT, begun + "]}").body();
            for (int turn = 0; turn < 5; turn++) {
                begun += ",{\"role\":\"assistant\",\"content\":\"x\"}";
                assertThat(gateway.post(Rules.CHAT, begun + "]}").body()).isEqualTo(first);
            }
        }
        assertThat(one.requests()).isNotEmpty();
        assertThat(two.requests()).isNotEmpty();
    }

    @Test
    void a_name_that_nobody_knows_is_an_error_that_does_not_tell_it() throws Exception {
        begin(Rules.model("m").upstream("http://no-such-host.invalid:81", 1));
        HttpResponse<String> refused = ask();
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("cannot be reached").doesNotContain("no-such-host");
    }

    @Test
    void redirections_are_passed_on_and_not_followed() throws Exception {
        one.script(
                FakeUpstream.answering(
                        307, Map.of("Location", two.url() + "/v1/chat/completions"), ""));
        begin(Rules.model("m", one));
        assertThat(ask().statusCode()).isEqualTo(307);
        assertThat(two.requests()).isEmpty();
    }

    @Test
    void more_requests_than_may_wait_are_refused_at_once() throws Exception {
        GatewayRules rules =
                new Rules()
                        .route(
                                Rules.model("m")
                                        .own("digits", 1)
                                        .waits(20_000)
                                        .traffic(
                                                new TrafficRules(
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        false,
                                                        Optional.of(2))))
                        .rules();
        gateway.gateway.update(ConfigLine.digits().rules(rules).config());
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(gateway.postAsync(Rules.CHAT, ASK));
        }
        await().untilAsserted(() -> assertThat(gateway.digits().waiting()).isEqualTo(2));
        HttpResponse<String> refused = ask();
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        gateway.gateway.update(ConfigLine.digits(one).rules(rules).config());
        for (CompletableFuture<HttpResponse<String>> held : waiting) {
            assertThat(held.get().body()).contains("one");
        }
    }

    private void begin(Rules.RouteOf route) {
        gateway.gateway.update(Rules.line(new Rules().route(route)).config());
    }

    private HttpResponse<String> ask() throws Exception {
        return gateway.post(Rules.CHAT, ASK);
    }

    private TrafficRules mirror(double percent) {
        return new TrafficRules(
                Optional.empty(),
                Optional.of(
                        new TrafficRules.Mirror(
                                new GatewayRules.Upstream(
                                        List.of(two.url()),
                                        Optional.empty(),
                                        1,
                                        Optional.of("next"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        false),
                                percent)),
                Optional.empty(),
                false,
                Optional.empty());
    }

    private static TrafficRules hedge(long millis) {
        return new TrafficRules(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new TrafficRules.Hedge(Optional.of(millis), Optional.empty())),
                false,
                Optional.empty());
    }
}
