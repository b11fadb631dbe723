package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LimitIT {
    private static final String BOB = "tm-bobs-own-key";
    private static final String BODY = "{\"model\":\"m\"}";

    private final FakeUpstream upstream =
            FakeUpstream.start(
                    LlmScripts.json("{\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":60}}"));
    private final Rules rules =
            new Rules()
                    .route(Rules.model("m", upstream))
                    .key("alice", "search", List.of(), Rules.KEY)
                    .key("bob", "search", List.of(), BOB);
    private final RunningGateway gateway = new RunningGateway(Rules.line(rules));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void an_upstreams_own_limits_are_not_taken_for_the_gateways() throws Exception {
        upstream.script(
                FakeUpstream.answering(
                        200, Map.of("x-ratelimit-limit-requests", "9999", "vary", "accept"), "{}"));
        limit(List.of("key"), new GatewayRules.Rate(6, 2), null, null);
        HttpResponse<String> answer = ask(Rules.KEY);
        assertThat(answer.headers().allValues("x-ratelimit-limit-requests")).containsExactly("6");
        assertThat(answer.headers().firstValue("vary")).hasValue("accept");
    }

    @Test
    void requests_beyond_the_burst_are_429_with_all_that_clients_want_to_know() throws Exception {
        limit(List.of("key"), new GatewayRules.Rate(6, 2), null, null);

        HttpResponse<String> first = ask(Rules.KEY);
        assertThat(first.headers().firstValue("x-ratelimit-limit-requests")).hasValue("6");
        assertThat(first.headers().firstValue("x-ratelimit-remaining-requests")).hasValue("1");
        assertThat(first.headers().firstValue("x-ratelimit-reset-requests").orElseThrow())
                .matches("(9\\.\\d+|10)s");
        assertThat(ask(Rules.KEY).statusCode()).isEqualTo(200);

        HttpResponse<String> refused = ask(Rules.KEY);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
                .isBetween(9L, 10L);
        assertThat(refused.headers().firstValue("x-ratelimit-remaining-requests")).hasValue("0");
        assertThat(refused.body())
                .startsWith("{\"error\":{\"message\":\"limit limit-1: '6 requests a minute'")
                .endsWith(
                        "\"type\":\"rate_limit_error\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}");
        assertThat(ask(BOB).statusCode()).isEqualTo(200);
        assertThat(upstream.requests()).hasSize(3);
        assertThat(gateway.admin("/metrics"))
                .contains(
                        "tidemill_gateway_limited_total{limit=\"limit-1\",what=\"requests\"} 1.0");
    }

    @Test
    void a_team_shares_its_tokens_and_they_are_settled_by_what_was_used() throws Exception {
        limit(List.of("team"), null, new GatewayRules.Rate(1, 250), null);

        assertThat(remainingAfter(Rules.KEY)).isBetween(0L, 10L);
        await().untilAsserted(() -> assertThat(ask(BOB).statusCode()).isEqualTo(429));
        limit(List.of("team"), null, new GatewayRules.Rate(1, 1000), null);
        HttpResponse<String> answer = send(Rules.KEY, "{\"model\":\"m\",\"max_tokens\":700}");
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.body()).contains("tokens a minute");
    }

    @Test
    void a_limit_of_requests_at_a_time_frees_its_places_when_they_end() throws Exception {
        limit(List.of(), null, null, 1);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        upstream.script((request, connection) -> {
            asked.countDown();
            answer.await();
            LlmScripts.json("{}").answer(request, connection);
        });
        CompletableFuture<HttpResponse<String>> slow = CompletableFuture.supplyAsync(this::quietly);
        asked.await();
        HttpResponse<String> refused = ask(BOB);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        answer.countDown();
        assertThat(slow.get().statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(ask(BOB).statusCode()).isEqualTo(200));
    }

    @Test
    void another_configuration_does_not_refill_what_was_used() throws Exception {
        limit(List.of("key"), new GatewayRules.Rate(1, 2), null, null);
        ask(Rules.KEY);
        ask(Rules.KEY);
        gateway.gateway.update(Rules.line(rules).config());
        assertThat(ask(Rules.KEY).statusCode()).isEqualTo(429);
    }

    private void limit(
            List<String> per,
            GatewayRules.@org.jspecify.annotations.Nullable Rate requests,
            GatewayRules.@org.jspecify.annotations.Nullable Rate tokens,
            @org.jspecify.annotations.Nullable Integer concurrent) {
        rules.withoutLimits()
                .limit(
                        Rules.limitOf(
                                per,
                                Optional.ofNullable(requests),
                                Optional.ofNullable(tokens),
                                Optional.ofNullable(concurrent)));
        gateway.gateway.update(Rules.line(rules).config());
    }

    private long remainingAfter(String key) throws Exception {
        return ask(key).headers().firstValueAsLong("x-ratelimit-remaining-tokens").orElseThrow();
    }

    private HttpResponse<String> ask(String key) throws Exception {
        return send(key, BODY);
    }

    private HttpResponse<String> quietly() {
        try {
            return ask(Rules.KEY);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> send(String key, String body) throws Exception {
        return gateway.send(
                gateway.request(Rules.CHAT)
                        .header("x-api-key", key)
                        .POST(BodyPublishers.ofString(body)),
                BodyHandlers.ofString());
    }
}
