package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TrafficIT {
    private static final String BODY = "{\"model\":\"m\"}";
    private final FakeUpstream one = FakeUpstream.start(LlmScripts.json("{\"by\":\"one\"}"));
    private final FakeUpstream two = FakeUpstream.start(LlmScripts.json("{\"by\":\"two\"}"));
    private final Rules rules = new Rules();

    /// Made when the rules are written.
    private RunningGateway gateway = new RunningGateway(ConfigLine.empty());

    @AfterEach
    void stop() {
        gateway.close();
        one.close();
        two.close();
    }

    @Test
    void weights_divide_the_requests() throws Exception {
        begin(
                rules.route(
                        Rules.model("m")
                                .upstream(one.url().toString(), 9)
                                .upstream(two.url().toString(), 1)));
        for (int i = 0; i < 400; i++) {
            ask();
        }
        // Five standard deviations: the seed is fixed, this cannot fail by chance.
        assertThat(two.requests()).hasSizeBetween(10, 70);
        assertThat(one.requests().size() + two.requests().size()).isEqualTo(400);
    }

    @Test
    void headers_and_cookies_choose_the_canary() throws Exception {
        begin(
                rules.route(Rules.model("m", two).named("by-header").header("x-canary", "yes"))
                        .route(Rules.model("m", two).named("by-cookie").cookie("beta"))
                        .route(Rules.model("m", one)));
        assertThat(ask().body()).contains("one");
        assertThat(ask("x-canary", "no").body()).contains("one");
        assertThat(ask("x-canary", "yes").body()).contains("two");
        assertThat(ask("cookie", "a=b; beta=1").body()).contains("two");
        assertThat(ask("cookie", "beta2=1").body()).contains("one");
    }

    @Test
    void a_conversation_stays_where_it_is() throws Exception {
        begin(rules.route(Rules.model("m", one, two).sticky("x-conversation-id")));
        Set<String> seen = new HashSet<>();
        for (int conversation = 0; conversation < 20; conversation++) {
            String id = "conversation-" + conversation;
            String first = ask("x-conversation-id", id).body();
            for (int i = 0; i < 5; i++) {
                assertThat(ask("x-conversation-id", id).body()).isEqualTo(first);
            }
            seen.add(first);
        }
        assertThat(seen).hasSize(2);
    }

    @Test
    void a_canary_between_models_of_ours_renames_them_in_path_and_header() throws Exception {
        gateway.close();
        gateway =
                new RunningGateway(
                        ConfigLine.digits(one)
                                .model("digits-v2", "digits-v2", two)
                                .rules(
                                        rules.route(
                                                        Rules.model("digits")
                                                                .named("canary")
                                                                .header("x-canary", "1")
                                                                .own("digits-v2", 1))
                                                .rules()));
        HttpRequest.Builder request =
                gateway.request(RunningGateway.INFER)
                        .header("x-canary", "1")
                        .POST(BodyPublishers.ofString("{}"));
        assertThat(gateway.send(request, BodyHandlers.ofString()).body()).contains("two");
        assertThat(two.requests().getFirst().target()).isEqualTo("/v2/models/digits-v2/infer");
        assertThat(gateway.post(RunningGateway.INFER, "{}").body()).contains("one");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 408})
    void another_upstream_answers_for_one_that_fails(int status) throws Exception {
        one.script(FakeUpstream.answering(status, Map.of(), "{}"));
        begin(
                rules.route(
                        Rules.model("m")
                                .upstream(one.url().toString(), 1)
                                .upstream(two.url().toString(), 0)));
        HttpResponse<String> answer = ask();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("two");
    }

    @Test
    void a_fallback_answers_when_the_route_cannot_and_renames_the_model() throws Exception {
        one.die();
        begin(
                rules.route(Rules.model("m", one).fallback("spare"))
                        .route(
                                Rules.model("n")
                                        .named("spare")
                                        .upstream(
                                                two.url().toString(),
                                                1,
                                                java.util.Optional.of("claude"),
                                                java.util.Optional.empty())));
        assertThat(ask().body()).contains("two");
        assertThat(new String(two.requests().getFirst().body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"model\":\"claude\"}");
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_fallbacks_total{route=\"m\"} 1.0");
    }

    @Test
    void a_slow_upstream_is_left_for_the_fallback_before_its_first_byte() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        one.script(LlmScripts.silent(new CountDownLatch(1), left));
        begin(
                rules.route(
                                Rules.model("m", one)
                                        .firstByte(Duration.ofMillis(200))
                                        .fallback("spare"))
                        .route(Rules.model("n", two).named("spare")));
        assertThat(ask().body()).contains("two");
        left.await();
    }

    @Test
    void what_was_repeated_in_vain_is_not_worth_repeating_by_the_client() throws Exception {
        one.script(FakeUpstream.answering(500, Map.of(), "{\"mine\":1}"));
        two.script(FakeUpstream.answering(500, Map.of(), "{\"mine\":1}"));
        begin(rules.route(Rules.model("m", one, two).attempts(2)));
        HttpResponse<String> answer = ask();
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("{\"mine\":1}");
        assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(one.requests().size() + two.requests().size()).isEqualTo(2);
    }

    @Test
    void an_upstream_that_asks_not_to_be_asked_again_is_not() throws Exception {
        one.script(FakeUpstream.answering(500, Map.of("x-should-retry", "false"), "{}"));
        begin(
                rules.route(
                        Rules.model("m")
                                .upstream(one.url().toString(), 1)
                                .upstream(two.url().toString(), 0)));
        assertThat(ask().statusCode()).isEqualTo(500);
        assertThat(two.requests()).isEmpty();
    }

    @Test
    void the_only_upstream_gets_the_little_time_that_it_asks_for() throws Exception {
        one.script((request, connection) -> {
            one.script(LlmScripts.json("{\"by\":\"one\"}"));
            LlmScripts.rateLimited("0.05").answer(request, connection);
        });
        begin(rules.route(Rules.model("m", one)));
        assertThat(ask().body()).contains("one");
        one.script(LlmScripts.rateLimited("7"));
        HttpResponse<String> refused = ask();
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("7");
    }

    @Test
    void an_upstream_that_fails_again_and_again_is_left_alone() throws Exception {
        one.script(FakeUpstream.answering(500, Map.of(), "{}"));
        begin(rules.route(Rules.model("m", one, two)));
        for (int i = 0; i < 60; i++) {
            assertThat(ask().statusCode()).isEqualTo(200);
        }
        assertThat(one.requests()).hasSize(5);
    }

    @Test
    void the_only_upstream_is_asked_even_when_it_fails() throws Exception {
        one.script(FakeUpstream.answering(500, Map.of(), "{}"));
        begin(rules.route(Rules.model("m", one)));
        for (int i = 0; i < 20; i++) {
            assertThat(ask().statusCode()).isEqualTo(500);
        }
        one.script(LlmScripts.json("{\"by\":\"one\"}"));
        assertThat(ask().statusCode()).isEqualTo(200);
    }

    @Test
    void paths_lead_to_apps_whole_or_without_what_was_matched() throws Exception {
        begin(
                rules.route(Rules.path("/api/ai", one))
                        .route(Rules.path("/app", two).strip())
                        .route(Rules.path("/api/ai/stream", two).named("stream")));
        gateway.post("/api/ai/chat?x=1", "{}");
        gateway.send(gateway.request("/app/page/a%20b?q=1").DELETE(), BodyHandlers.ofString());
        gateway.get("/app");
        gateway.get("/api/ai/stream");
        assertThat(one.requests().getFirst().target()).isEqualTo("/api/ai/chat?x=1");
        assertThat(two.requests().get(0).target()).isEqualTo("/page/a%20b?q=1");
        assertThat(two.requests().get(0).method()).isEqualTo("DELETE");
        assertThat(two.requests().get(1).target()).isEqualTo("/");
        assertThat(two.requests().get(2).target()).isEqualTo("/api/ai/stream");
    }

    @Test
    void a_star_takes_every_other_model() throws Exception {
        begin(rules.route(Rules.model("m", one)).route(Rules.model("*", two).named("rest")));
        assertThat(ask().body()).contains("one");
        assertThat(gateway.post(Rules.CHAT, "{\"model\":\"what/ever\"}").body()).contains("two");
        assertThat(gateway.get("/v1/models").body()).doesNotContain("*");
    }

    @Test
    void inference_protocols_go_by_the_model_in_their_path() throws Exception {
        begin(rules.route(Rules.model("m", one)));
        assertThat(gateway.post("/v2/models/m/versions/3/infer", "{}").body()).contains("one");
        assertThat(gateway.post("/v1/models/m:predict", "{}").body()).contains("one");
        assertThat(gateway.get("/v1/models/m/metadata").body()).contains("one");
        assertThat(one.requests())
                .extracting(FakeUpstream.Request::target)
                .containsExactly(
                        "/v2/models/m/versions/3/infer",
                        "/v1/models/m:predict",
                        "/v1/models/m/metadata");
        assertThat(gateway.post("/v1/models/x:predict", "{}").statusCode()).isEqualTo(404);
    }

    private void begin(Rules written) {
        gateway.gateway.update(Rules.line(written).config());
    }

    private HttpResponse<String> ask() throws Exception {
        return gateway.post(Rules.CHAT, BODY);
    }

    private HttpResponse<String> ask(String header, String value) throws Exception {
        return gateway.send(
                gateway.request(Rules.CHAT)
                        .header(header, value)
                        .POST(BodyPublishers.ofString(BODY)),
                BodyHandlers.ofString());
    }
}
