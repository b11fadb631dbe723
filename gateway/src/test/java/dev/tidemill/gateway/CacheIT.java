package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CacheIT {
    private static final String BOB = "tm-bobs-own-key";
    private static final String CAROL = "tm-carols-own-key";
    private static final String ASK =
            "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"how high is the tide\"}]}";
    private static final String STREAM = ASK.replace("{\"model\"", "{\"stream\":true,\"model\"");
    private static final String USAGE = "\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":60}";
    private static final String CHUNK =
            "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private final AtomicInteger answers = new AtomicInteger();
    private final FakeUpstream upstream = FakeUpstream.start(counting());
    private final FakeUpstream embedder = FakeUpstream.start(embeddings());
    private final Rules rules =
            new Rules()
                    .route(Rules.model("m", upstream))
                    .route(Rules.model("e", embedder))
                    .key("alice", "search", List.of("m"), Rules.KEY)
                    .key("bob", "search", List.of("m"), BOB)
                    .key("carol", "ads", List.of("m"), CAROL)
                    .answers(answers(cache("key", false, 1000, Optional.empty())));
    private final RunningGateway gateway = new RunningGateway(Rules.line(rules));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
        embedder.close();
    }

    @Test
    void the_same_question_has_the_same_answer_and_costs_no_tokens() throws Exception {
        HttpResponse<String> first = ask(Rules.KEY, ASK);
        HttpResponse<String> second =
                ask(
                        Rules.KEY,
                        "{ \"messages\": [{\"role\":\"user\",\"content\":\"how high is the tid\\u0065\"}], \"user\":\"u\",\n\"temperature\":0, \"model\":\"m\"}");

        assertThat(cache(first)).isEqualTo("miss");
        assertThat(cache(second)).isEqualTo("hit");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(second.headers().firstValue("age")).hasValue("0");
        assertThat(second.headers().firstValue("x-request-id"))
                .isPresent()
                .isNotEqualTo(first.headers().firstValue("x-request-id"));
        assertThat(upstream.requests()).hasSize(1);
        assertThat(gateway.admin("/metrics"))
                .contains(
                        "tidemill_gateway_tokens_total{kind=\"input\",model=\"m\"} 40",
                        "tidemill_gateway_cache_total{cache=\"c\",result=\"hit\"} 1",
                        "tidemill_gateway_cache_entries 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "temperature":0 | "temperature":0.0,"seed":7
                    "content":"how high is the tide" | "content":"How high is the tide"
                    "role":"user" | "role":"system"
                    "model":"m" | "model":"m","max_tokens":5
                    "model":"m" | "model":"m","tools":[{"a":1,"b":2}]
                    """)
    void another_question_has_another_answer(String from, String to) throws Exception {
        ask(Rules.KEY, ASK);
        HttpResponse<String> other = ask(Rules.KEY, ASK.replace(from, to));
        assertThat(cache(other)).isEqualTo("miss");
        assertThat(other.body()).contains("answer 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\"}",
                "{\"model\":\"m\",\"temperature\":0.1}",
                "{\"model\":\"m\",\"temperature\":0,\"store\":true}",
                "{\"model\":\"m\",\"temperature\":0,\"top_p\":1,\"top_p\":0.5}"
            })
    void what_would_be_different_or_does_more_than_answer_is_not_kept(String body)
            throws Exception {
        assertThat(cache(ask(Rules.KEY, body))).isEqualTo("bypass");
        assertThat(cache(ask(Rules.KEY, body))).isEqualTo("bypass");
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void nobody_gets_what_another_tenant_asked_for() throws Exception {
        assertThat(ask(Rules.KEY, ASK).body()).contains("answer 1");
        assertThat(ask(BOB, ASK).body()).contains("answer 2");

        use(cache("team", false, 1000, Optional.empty()));
        assertThat(ask(Rules.KEY, ASK).body()).contains("answer 3");
        assertThat(ask(BOB, ASK).body()).contains("answer 3");
        assertThat(ask(CAROL, ASK).body()).contains("answer 4");

        use(cache("shared", false, 1000, Optional.empty()));
        assertThat(ask(Rules.KEY, ASK).body()).contains("answer 5");
        assertThat(ask(CAROL, ASK).body()).contains("answer 5");
    }

    @Test
    void without_keys_nobody_can_be_told_from_another_and_nothing_is_kept() throws Exception {
        Rules open =
                new Rules()
                        .route(Rules.model("m", upstream))
                        .answers(answers(cache("key", true, 1000, Optional.empty())));
        gateway.gateway.update(Rules.line(open).config());
        assertThat(cache(gateway.post(Rules.CHAT, ASK))).isEqualTo("bypass");
        assertThat(cache(gateway.post(Rules.CHAT, ASK))).isEqualTo("bypass");
    }

    @Test
    void a_client_may_ask_for_a_fresh_answer_or_that_none_is_kept() throws Exception {
        ask(Rules.KEY, ASK);
        HttpResponse<String> fresh = ask(Rules.KEY, ASK, "no-cache");
        assertThat(cache(fresh)).isEqualTo("bypass");
        assertThat(fresh.body()).contains("answer 2");
        assertThat(ask(Rules.KEY, ASK).body()).contains("answer 2");

        assertThat(ask(Rules.KEY, ASK, "no-store").body()).contains("answer 3");
        assertThat(ask(Rules.KEY, ASK).body()).contains("answer 2");
    }

    @Test
    void an_upstream_may_say_that_its_answer_is_not_kept_and_errors_never_are() throws Exception {
        upstream.script(
                FakeUpstream.answering(
                        200,
                        Map.of("Content-Type", "application/json", "Cache-Control", "no-store"),
                        "{}"));
        ask(Rules.KEY, ASK);
        assertThat(cache(ask(Rules.KEY, ASK))).isEqualTo("miss");
        upstream.script(
                FakeUpstream.answering(
                        400, Map.of("Content-Type", "application/json"), "{\"error\":{}}"));
        ask(Rules.KEY, ASK);
        assertThat(ask(Rules.KEY, ASK).statusCode()).isEqualTo(400);
        assertThat(upstream.requests()).hasSize(4);
    }

    @Test
    void limits_of_requests_hold_for_hits_and_those_of_tokens_do_not() throws Exception {
        rules.limit(
                Rules.limitOf(
                        List.of("key"),
                        Optional.of(new GatewayRules.Rate(1, 3)),
                        Optional.of(new GatewayRules.Rate(1, 1000)),
                        Optional.empty()));
        gateway.gateway.update(Rules.line(rules).config());
        ask(Rules.KEY, ASK);
        HttpResponse<String> hit = ask(Rules.KEY, ASK);
        HttpResponse<String> again = ask(Rules.KEY, ASK);

        assertThat(cache(again)).isEqualTo("hit");
        assertThat(again.headers().firstValue("x-ratelimit-remaining-tokens"))
                .isEqualTo(hit.headers().firstValue("x-ratelimit-remaining-tokens"));
        assertThat(ask(Rules.KEY, ASK).statusCode()).isEqualTo(429);
    }

    @Test
    void streams_are_given_again_as_streams() throws Exception {
        upstream.script(LlmScripts.events(CHUNK, DONE));
        HttpResponse<String> first = ask(Rules.KEY, STREAM);
        HttpResponse<String> second = ask(Rules.KEY, STREAM);

        assertThat(cache(second)).isEqualTo("hit");
        assertThat(second.body()).isEqualTo(first.body()).isEqualTo(CHUNK + DONE);
        assertThat(second.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/event-stream");
        assertThat(cache(ask(Rules.KEY, ASK))).isEqualTo("miss");
    }

    @Test
    void a_stream_that_breaks_is_not_kept() throws Exception {
        upstream.script(LlmScripts.eventsThenCut(CHUNK));
        ask(Rules.KEY, STREAM);
        upstream.script(LlmScripts.events(CHUNK));
        ask(Rules.KEY, STREAM);
        upstream.script(LlmScripts.events(CHUNK, DONE));
        assertThat(cache(ask(Rules.KEY, STREAM))).isEqualTo("miss");
        assertThat(upstream.requests()).hasSize(3);
    }

    @Test
    void many_who_ask_at_once_make_one_request() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        upstream.script((request, connection) -> {
            go.await();
            counting().answer(request, connection);
        });
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(CompletableFuture.supplyAsync(() -> unchecked(Rules.KEY, ASK)));
        }
        await().until(() -> inFlight() == 10);
        go.countDown();

        for (CompletableFuture<HttpResponse<String>> one : all) {
            assertThat(one.join().body()).contains("answer 1");
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void who_waits_for_one_that_fails_asks_by_itself() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        upstream.script((request, connection) -> {
            go.await();
            FakeUpstream.answering(400, Map.of(), "no").answer(request, connection);
        });
        CompletableFuture<HttpResponse<String>> first =
                CompletableFuture.supplyAsync(() -> unchecked(Rules.KEY, ASK));
        await().until(() -> upstream.requests().size() == 1);
        CompletableFuture<HttpResponse<String>> second =
                CompletableFuture.supplyAsync(() -> unchecked(Rules.KEY, ASK));
        await().until(() -> inFlight() == 2);
        upstream.script(counting());
        go.countDown();

        assertThat(first.join().statusCode()).isEqualTo(400);
        assertThat(second.join().body()).contains("answer 1");
    }

    @Test
    void a_changed_rule_or_route_forgets_what_was_kept() throws Exception {
        ask(Rules.KEY, ASK);
        gateway.gateway.update(Rules.line(rules).config());
        assertThat(cache(ask(Rules.KEY, ASK))).isEqualTo("hit");
        use(cache("key", false, 999, Optional.empty()));
        assertThat(cache(ask(Rules.KEY, ASK))).isEqualTo("miss");
    }

    @Test
    void questions_that_mean_the_same_get_one_answer_and_say_how_near_they_are() throws Exception {
        use(cache("key", false, 1000, Optional.of(new AnswerRules.Semantic("e", 0.95))));
        HttpResponse<String> first = ask(Rules.KEY, ASK);
        HttpResponse<String> near = ask(Rules.KEY, ASK.replace("how high", "near how high"));
        HttpResponse<String> far = ask(Rules.KEY, ASK.replace("how high", "far how low"));

        assertThat(cache(first)).isEqualTo("miss");
        assertThat(cache(near)).matches("semantic; similarity=0\\.9[5-9]");
        assertThat(near.body()).isEqualTo(first.body());
        assertThat(cache(far)).isEqualTo("miss");
        assertThat(cache(ask(BOB, ASK.replace("how high", "near how high")))).isEqualTo("miss");
        assertThat(
                        cache(
                                ask(
                                        Rules.KEY,
                                        ASK.replace("how high", "near how high")
                                                .replace("\"model\"", "\"top_p\":1,\"model\""))))
                .isEqualTo("miss");
        assertThat(new String(embedder.requests().getFirst().body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"model\":\"e\",\"input\":\"how high is the tide\",\"encoding_format\":\"float\"}");
    }

    @Test
    void a_broken_embedding_model_costs_the_similarity_only() throws Exception {
        use(cache("key", false, 1000, Optional.of(new AnswerRules.Semantic("e", 0.95))));
        embedder.script(FakeUpstream.answering(500, Map.of(), "broken"));
        assertThat(ask(Rules.KEY, ASK).body()).contains("answer 1");
        assertThat(cache(ask(Rules.KEY, ASK))).isEqualTo("hit");
    }

    @Test
    void opentelemetrys_metrics_tell_operations_tokens_and_first_tokens() throws Exception {
        ask(Rules.KEY, ASK);
        upstream.script(LlmScripts.events(CHUNK, "data: {\"choices\":[]," + USAGE + "}\n\n", DONE));
        ask(Rules.KEY, STREAM);
        String labels =
                "{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\",gen_ai_request_model=\"m\"";
        assertThat(gateway.admin("/metrics"))
                .contains(
                        "gen_ai_client_token_usage_sum"
                                + labels
                                + ",gen_ai_token_type=\"output\"} 120",
                        "gen_ai_server_time_to_first_token_seconds_count" + labels + "} 1",
                        "gen_ai_server_time_per_output_token_seconds_count" + labels + "} 1")
                .containsPattern(
                        "gen_ai_client_operation_duration_seconds_count\\{error_type=\"\",gen_ai_operation_name=\"chat\".*} 2")
                .containsPattern(
                        "gen_ai_server_request_duration_seconds_bucket\\{error_type=\"\",.*le=\"81\\.92\"} 2");
    }

    private FakeUpstream.Script counting() {
        return (request, connection) ->
                LlmScripts.json(
                                "{\"id\":\"answer %d\",%s}"
                                        .formatted(answers.incrementAndGet(), USAGE))
                        .answer(request, connection);
    }

    /// Texts with `near` in them are near those without, texts with `far` are not.
    private static FakeUpstream.Script embeddings() {
        return (request, connection) -> {
            String text = new String(request.body(), StandardCharsets.UTF_8);
            String vector =
                    text.contains("far")
                            ? "[0,1,0]"
                            : text.contains("near") ? "[1,0.2,0]" : "[2,0,0]";
            LlmScripts.json("{\"data\":[{\"index\":0,\"embedding\":" + vector + "}]}")
                    .answer(request, connection);
        };
    }

    private void use(AnswerRules.Cache cache) {
        gateway.gateway.update(Rules.line(rules.answers(answers(cache))).config());
    }

    private static AnswerRules answers(AnswerRules.Cache cache) {
        return new AnswerRules(Optional.empty(), List.of(), List.of(cache));
    }

    private static AnswerRules.Cache cache(
            String per, boolean always, int entries, Optional<AnswerRules.Semantic> semantic) {
        return new AnswerRules.Cache(
                "c",
                new AnswerRules.Scope(List.of(), List.of(), List.of("m"), List.of()),
                per,
                always,
                60_000,
                entries,
                1 << 20,
                64 << 10,
                semantic);
    }

    private static String cache(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-tidemill-cache").orElse("");
    }

    private HttpResponse<String> unchecked(String key, String body) {
        try {
            return ask(key, body);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> ask(String key, String body) throws Exception {
        return gateway.send(request(key, body), BodyHandlers.ofString());
    }

    private HttpResponse<String> ask(String key, String body, String wish) throws Exception {
        return gateway.send(
                request(key, body).header("cache-control", wish), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String key, String body) {
        return gateway.request(Rules.CHAT)
                .header("authorization", "Bearer " + key)
                .POST(BodyPublishers.ofString(body));
    }

    private int inFlight() throws Exception {
        return gateway.admin("/metrics")
                .lines()
                .filter(line -> line.startsWith("tidemill_gateway_in_flight{model=\"m\"}"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }
}
