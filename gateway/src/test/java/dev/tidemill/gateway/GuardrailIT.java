package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GuardrailIT {
    private static final String USAGE =
            "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6,\"total_tokens\":11}";
    private static final String ANSWER =
            "{\"id\":\"x\",\"extra\":[1.50],\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"it is alice@example.com\",\"tool_calls\":[{\"id\":\"call_1\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"to\\\":\\\"carol@example.com\\\"}\"}}]}}],"
                    + USAGE
                    + "}";

    private final FakeUpstream upstream = FakeUpstream.start(LlmScripts.json(ANSWER));
    private final Rules rules = new Rules().route(Rules.model("m", upstream));
    private final RunningGateway gateway = new RunningGateway(Rules.line(rules));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /v1/chat/completions | {"model":"m","messages":[{"role":"user","content":"mail bob@example.com"}], "x":[ 1.50]} | {"model":"m","messages":[{"role":"user","content":"mail [EMAIL]"}], "x":[ 1.50]}
                    /v1/chat/completions | {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"\\u0062ob@example.com"}]}]} | {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"[EMAIL]"}]}]}
                    /v1/completions      | {"model":"m","prompt":["a","bob@example.com"]} | {"model":"m","prompt":["a","[EMAIL]"]}
                    /v1/responses        | {"model":"m","input":"bob@example.com","instructions":"é bob@example.com 😀"} | {"model":"m","input":"[EMAIL]","instructions":"é [EMAIL] 😀"}
                    /v1/embeddings       | {"input":["bob@example.com"],"model":"m"} | {"input":["[EMAIL]"],"model":"m"}
                    """)
    void requests_go_on_without_what_must_not_pass(String path, String body, String sent)
            throws Exception {
        guard(pattern("email", "redact"));
        assertThat(gateway.post(path, body).statusCode()).isEqualTo(200);
        assertThat(new String(upstream.requests().getLast().body(), StandardCharsets.UTF_8))
                .isEqualTo(sent);
    }

    @Test
    void answers_come_without_it_and_otherwise_as_they_were() throws Exception {
        guard(pattern("email", "redact"));
        assertThat(ask("{\"model\":\"m\"}").body())
                .isEqualTo(
                        ANSWER.replace("alice@example.com", "[EMAIL]")
                                .replace("carol@example.com", "[EMAIL]"));
        assertThat(gateway.admin("/metrics"))
                .contains(
                        "tidemill_gateway_guardrail_total{action=\"redact\",found=\"email\",guardrail=\"g\"} 2",
                        "tidemill_gateway_tokens_total{kind=\"output\",model=\"m\"} 6");
    }

    @Test
    void streams_come_without_it_however_they_are_cut_and_their_usage_is_told() throws Exception {
        guard(pattern("email", "redact"));
        String usage = "data: {\"choices\":[]," + USAGE + "}\n\n";
        upstream.script(
                LlmScripts.events(
                        chunk("to ali"),
                        chunk("ce@exam").substring(0, 30),
                        chunk("ce@exam").substring(30) + chunk("ple.com, now"),
                        usage,
                        "data: [DONE]\n\n"));
        String body =
                ask("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
                        .body();
        assertThat(body)
                .isEqualTo(
                        chunk("to [EMAIL]")
                                + chunk("")
                                + chunk(", now")
                                + usage
                                + "data: [DONE]\n\n");
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_tokens_total{kind=\"output\",model=\"m\"} 6");
    }

    @Test
    void a_refusal_has_openais_form_says_what_and_not_which() throws Exception {
        guard(pattern("email", "refuse"));
        HttpResponse<String> refused = ask("{\"model\":\"m\",\"prompt\":\"bob@example.com\"}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .isEqualTo(
                        "{\"error\":{\"message\":\"guardrail g: 'email' (expected: a text of the request without it)\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"content_filter\"}}");
        assertThat(upstream.requests()).isEmpty();

        assertThat(ask("{\"model\":\"m\"}").body())
                .contains("a text of the answer without it")
                .doesNotContain("alice");
    }

    @Test
    void a_stream_that_must_not_go_on_ends_with_the_reason() throws Exception {
        guard(pattern("email", "refuse"));
        upstream.script(
                LlmScripts.eventsWithoutEnd(
                        chunk("fine. "), chunk("alice@ex"), chunk("ample.com. "), chunk("more ")));
        assertThat(ask("{\"model\":\"m\",\"stream\":true}").body())
                .startsWith(
                        chunk("fine. ") + "data: {\"error\":{\"message\":\"guardrail g: 'email'")
                .contains("\"code\":\"content_filter\"")
                .doesNotContain("alice", "ample", "more");
    }

    @Test
    void a_stream_that_breaks_gives_what_it_held_without_it() throws Exception {
        guard(pattern("email", "redact"));
        upstream.script(LlmScripts.eventsThenCut(chunk("alice@example.com"), "data: {\"ali"));
        assertThat(ask("{\"model\":\"m\",\"stream\":true}").body())
                .startsWith(chunk("[EMAIL]") + "data: {\"error\":{")
                .doesNotContain("ali");
    }

    @Test
    void a_flag_is_told_and_changes_nothing() throws Exception {
        guard(pattern("email", "flag"));
        assertThat(ask("{\"model\":\"m\"}").body()).isEqualTo(ANSWER);
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_guardrail_total{action=\"flag\",found=\"email\"");
    }

    @Test
    void log_probabilities_would_spell_it_and_are_refused() throws Exception {
        guard(pattern("email", "redact"));
        assertThat(ask("{\"model\":\"m\",\"logprobs\":true}").body())
                .contains("logprobs: 'true'", "content_filter");
        assertThat(ask("{\"model\":\"m\",\"logprobs\":false}").statusCode()).isEqualTo(200);
        assertThat(ask("{\"model\":\"m\",\"include\":[\"message.output_text.logprobs\"]}").body())
                .contains("include: 'message.output_text.logprobs'", "content_filter");
        assertThat(ask("{\"model\":\"m\",\"include\":[\"usage\"]}").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"model":"m","messages":[1,2,3]}                | guardrail g: '3 messages' (expected: at most 2)
                    {"model":"m","input":["a","b","c"]}             | guardrail g: '3 messages' (expected: at most 2)
                    {"model":"m","max_tokens":101}                  | guardrail g: '101 output tokens' (expected: at most 100)
                    {"max_completion_tokens":1e9,"model":"m"}       | guardrail g: '1000000000 output tokens' (expected: at most 100)
                    {"model":"m","messages":["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]} | guardrail g: '23 input tokens' (expected: at most 20)
                    """)
    void bounds_are_kept(String body, String message) throws Exception {
        guard(bounds(false));
        assertThat(ask(body).body()).contains(message, "content_filter");
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"model":"m","max_tokens":500,"n":1} | {"model":"m","max_tokens":100,"n":1}
                    {"model":"m","max_tokens":99}        | {"model":"m","max_tokens":99}
                    { "model":"m"}                       | {"max_tokens":100, "model":"m"}
                    {"max_completion_tokens":7e3 ,"model":"m","max_tokens":500} | {"max_completion_tokens":100 ,"model":"m","max_tokens":100}
                    """)
    void a_longer_answer_can_be_asked_to_be_shorter(String body, String sent) throws Exception {
        guard(bounds(true));
        assertThat(ask(body).statusCode()).isEqualTo(200);
        assertThat(new String(upstream.requests().getLast().body(), StandardCharsets.UTF_8))
                .isEqualTo(sent);
    }

    @Test
    void guardrails_are_about_the_models_that_they_name() throws Exception {
        guard(
                new AnswerRules.Guard(
                        "g",
                        new AnswerRules.Scope(List.of(), List.of(), List.of("other"), List.of()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        List.of(Rules.named("email", "redact"))));
        assertThat(ask("{\"model\":\"m\"}").body()).isEqualTo(ANSWER);
    }

    @Test
    void ones_own_are_found_by_their_names_and_wrong_ones_change_nothing() throws Exception {
        guard(plugin("word", List.of("alice")));
        assertThat(ask("{\"model\":\"m\"}").body()).contains("it is [5]@example.com");

        for (AnswerRules.Guard wrong :
                List.of(plugin("word", List.of()), plugin("nobody", List.of()))) {
            guard(wrong);
            assertThat(gateway.admin("/metrics")).contains("tidemill_gateway_config_broken 1");
        }
        assertThat(ask("{\"model\":\"m\"}").body()).contains("it is [5]@example.com");
        Assertions.assertThatThrownBy(() ->
                        new RunningGateway(
                                Rules.line(
                                        new Rules().answers(answers(plugin("nobody", List.of()))))))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("plugin 'nobody' is not on TIDEMILL_CLASSPATH");
    }

    private void guard(AnswerRules.Guard guard) {
        gateway.gateway.update(Rules.line(rules.answers(answers(guard))).config());
    }

    private static AnswerRules answers(AnswerRules.Guard guard) {
        return new AnswerRules(Optional.empty(), List.of(guard), List.of());
    }

    private static AnswerRules.Guard pattern(String name, String action) {
        return Rules.guardOf(Rules.named(name, action));
    }

    private static AnswerRules.Guard plugin(String name, List<String> settings) {
        return Rules.guardOf(
                new AnswerRules.Pattern(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(name),
                        settings,
                        100,
                        true,
                        true,
                        "redact",
                        Optional.empty()));
    }

    private static AnswerRules.Guard bounds(boolean clamp) {
        return new AnswerRules.Guard(
                "g",
                AnswerRules.Scope.ALL,
                Optional.of(20L),
                Optional.of(2),
                Optional.of(100L),
                clamp,
                List.of());
    }

    private static String chunk(String content) {
        return "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}\n\n"
                .formatted(content);
    }

    private HttpResponse<String> ask(String body) throws Exception {
        return gateway.post(Rules.CHAT, body);
    }
}
