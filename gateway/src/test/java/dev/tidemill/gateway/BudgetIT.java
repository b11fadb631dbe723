package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A million tokens cost 1000 to ask and 2000 to answer: 0.001 and 0.002 each.
final class BudgetIT {
    private static final String BOB = "tm-bobs-own-key";
    private static final String SHORT = "{\"model\":\"m\",\"max_tokens\":10}";
    private static final long UNIT = 1_000_000_000L;

    private final FakeUpstream upstream =
            FakeUpstream.start(
                    LlmScripts.json(
                            "{\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":60,"
                                    + "\"prompt_tokens_details\":{\"cached_tokens\":20}}}"));
    private final Rules rules =
            new Rules()
                    .route(Rules.model("m", upstream))
                    .route(Rules.model("free", upstream))
                    .key("alice", "search", List.of(), Rules.KEY)
                    .key("bob", "search", List.of(), BOB)
                    .price("m", 1000, 2000);
    private final RunningGateway gateway = new RunningGateway(Rules.line(rules));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void an_answer_says_what_it_cost_and_so_do_the_metrics() throws Exception {
        HttpResponse<String> answer = ask(Rules.KEY, SHORT);

        // 20 tokens at 0.001, 20 cached at half of that, 60 at 0.002.
        assertThat(answer.headers().firstValue("x-tidemill-cost")).hasValue("0.15");
        assertThat(ask(Rules.KEY, SHORT.replace("\"m\"", "\"free\"")).headers().map())
                .doesNotContainKey("x-tidemill-cost");
        await().untilAsserted(() ->
                assertThat(gateway.admin("/metrics"))
                        .contains("tidemill_gateway_cost_total{model=\"m\"} 0.15")
                        .contains("tidemill_gateway_cost_total{model=\"free\"} 0.0"));
    }

    @Test
    void a_budget_that_is_spent_is_429_in_the_words_that_clients_know_until_the_day_ends()
            throws Exception {
        budget(List.of("key"), UNIT / 10, "UTC");

        HttpResponse<String> first = ask(Rules.KEY, SHORT);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("x-ratelimit-limit-budget")).hasValue("0.1");
        // The question is estimated at 7 tokens, the answer at 10.
        assertThat(first.headers().firstValue("x-ratelimit-remaining-budget")).hasValue("0.073");

        HttpResponse<String> refused = ask(Rules.KEY, SHORT);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body())
                .startsWith(
                        "{\"error\":{\"message\":\"limit budget-1: '0.1 USD a day' (expected: a"
                                + " request after the day ends in UTC, in ")
                .endsWith(
                        "\"type\":\"insufficient_quota\",\"param\":null,"
                                + "\"code\":\"insufficient_quota\"}}");
        assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
                .isBetween(1L, 86_400L);
        assertThat(refused.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(refused.headers().firstValue("x-ratelimit-remaining-budget")).hasValue("0");
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_limited_total{limit=\"budget-1\",what=\"money\"} 1.0");
        assertThat(ask(BOB, SHORT).statusCode()).isEqualTo(200);
        assertThat(ask(Rules.KEY, SHORT.replace("\"m\"", "\"free\"")).statusCode()).isEqualTo(200);
    }

    @Test
    void what_can_never_be_paid_is_refused_without_a_time_to_come_back() throws Exception {
        budget(List.of("team"), UNIT / 10, "Europe/Berlin");

        HttpResponse<String> refused = ask(Rules.KEY, SHORT.replace("10", "1000"));
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("a request that can cost at most that");
        assertThat(refused.headers().map()).doesNotContainKey("retry-after");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void a_failed_request_gives_its_money_back() throws Exception {
        budget(List.of(), UNIT / 10, "UTC");
        upstream.script(FakeUpstream.answering(400, Map.of(), "{}"));
        for (int i = 0; i < 10; i++) {
            assertThat(ask(Rules.KEY, SHORT).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void a_stream_is_asked_for_its_usage_and_charged() throws Exception {
        budget(List.of("key"), UNIT, "UTC");
        upstream.script(
                LlmScripts.events(
                        "data: {\"choices\":[]}\n\n",
                        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,"
                                + "\"completion_tokens\":50}}\n\n",
                        "data: [DONE]\n\n"));
        ask(Rules.KEY, "{\"model\":\"m\",\"max_tokens\":10,\"stream\":true}");
        await().untilAsserted(() ->
                assertThat(gateway.admin("/metrics"))
                        .contains("tidemill_gateway_cost_total{model=\"m\"} 0.2"));
        upstream.script(LlmScripts.json("{}"));
        assertThat(ask(Rules.KEY, SHORT).headers().firstValue("x-ratelimit-remaining-budget"))
                .hasValue("0.773");
    }

    private void budget(List<String> per, long billionths, String zone) {
        rules.withoutLimits().limit(Rules.budgetOf(per, billionths, zone));
        gateway.gateway.update(Rules.line(rules).config());
    }

    private HttpResponse<String> ask(String key, String body) throws Exception {
        return gateway.send(
                gateway.request(Rules.CHAT)
                        .header("x-api-key", key)
                        .POST(BodyPublishers.ofString(body)),
                BodyHandlers.ofString());
    }
}
