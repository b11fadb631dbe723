package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AnthropicIT {
    private static final String ASK =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String STREAM = ASK.replace("\"model\"", "\"stream\":true,\"model\"");
    private static final String MESSAGE =
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[
              {"type":"text","text":"Hello"},{"type":"tool_use","id":"t1","name":"w","input":{"a":1}}],
             "stop_reason":"tool_use","stop_sequence":null,
             "usage":{"input_tokens":5,"cache_creation_input_tokens":7,"cache_read_input_tokens":11,"output_tokens":3}}
            """;
    private static final String[] EVENTS = {
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_2","model":"claude-x","usage":{"input_tokens":5,"cache_read_input_tokens":11,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"He\
        """,
        """
        llo"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t1","name":"w","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\":1}"}}

        event: content_block_start
        data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t2","name":"v","input":{}}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":2}

        """,
        """
        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}}

        event: message_stop
        data: {"type":"message_stop"}

        """
    };

    private final FakeUpstream claude = FakeUpstream.start(LlmScripts.json(MESSAGE));
    private final FakeUpstream other = FakeUpstream.start(LlmScripts.json("{\"by\":\"other\"}"));
    private final RunningGateway gateway =
            new RunningGateway(Rules.line(new Rules().route(anthropic())));

    @AfterEach
    void stop() {
        gateway.close();
        claude.close();
        other.close();
    }

    @Test
    void a_chat_is_answered_as_the_client_knows_it() throws Exception {
        HttpResponse<String> answer = gateway.post(Rules.CHAT, ASK);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"id\":\"msg_1\"", "\"object\":\"chat.completion\"")
                .contains(
                        "\"message\":{\"role\":\"assistant\",\"content\":\"Hello\",\"refusal\":null,\"tool_calls\":[{\"id\":\"t1\",\"type\":\"function\",\"function\":{\"name\":\"w\",\"arguments\":\"{\\\"a\\\":1}\"}}]}")
                .contains("\"finish_reason\":\"tool_calls\"")
                .contains(
                        "\"usage\":{\"prompt_tokens\":23,\"completion_tokens\":3,\"total_tokens\":26,\"prompt_tokens_details\":{\"cached_tokens\":11,\"cache_write_tokens\":7}}");
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_tokens_total{kind=\"input\",model=\"m\"} 23.0");
    }

    @Test
    void the_upstream_gets_its_own_path_key_and_version_and_nothing_of_the_client()
            throws Exception {
        gateway.send(
                gateway.request(Rules.CHAT + "?x=1")
                        .header("openai-organization", "org-1")
                        .header("authorization", "Bearer mine")
                        .POST(BodyPublishers.ofString(ASK)),
                BodyHandlers.ofString());
        FakeUpstream.Request sent = claude.requests().getFirst();
        assertThat(sent.target()).isEqualTo("/v1/messages");
        assertThat(sent.header("x-api-key")).isEqualTo("sk-upstream");
        assertThat(sent.header("anthropic-version")).isEqualTo("2023-06-01");
        assertThat(sent.header("content-type")).isEqualTo("application/json");
        assertThat(sent.header("x-request-id")).isNotNull();
        assertThat(sent.headers()).doesNotContainKeys("authorization", "openai-organization");
        assertThat(new String(sent.body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"model\":\"claude-x\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\",\"cache_control\":{\"type\":\"ephemeral\"}}]}]}");
    }

    @Test
    void a_stream_becomes_chunks_with_calls_of_tools_in_pieces() throws Exception {
        claude.script(LlmScripts.events(EVENTS));
        HttpResponse<String> answer = gateway.post(Rules.CHAT, STREAM);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        List<String> chunks =
                answer.body()
                        .lines()
                        .filter(line -> !line.isEmpty())
                        .map(line -> line.replaceAll("\"created\":\\d+", "\"created\":0"))
                        .map(line ->
                                line.replaceAll(".*\"choices\":\\[", "").replaceAll("\\].*", ""))
                        .toList();
        assertThat(answer.body().lines().findFirst().orElseThrow())
                .startsWith(
                        "data: {\"id\":\"msg_2\",\"object\":\"chat.completion.chunk\",\"created\":");
        assertThat(answer.body())
                .contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}")
                .contains("\"delta\":{\"content\":\"Hello\"}")
                .contains(
                        "\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"type\":\"function\",\"function\":{\"name\":\"w\",\"arguments\":\"\"}}]}")
                .contains(
                        "\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":1}\"}}]}")
                .contains(
                        "\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{}\"}}]}")
                .contains("\"delta\":{},\"logprobs\":null,\"finish_reason\":\"tool_calls\"")
                .endsWith("data: [DONE]\n\n")
                .doesNotContain("usage");
        assertThat(chunks).hasSize(8);
    }

    @Test
    void a_stream_tells_its_usage_to_whoever_asks() throws Exception {
        claude.script(LlmScripts.events(EVENTS));
        String body =
                gateway.post(
                                Rules.CHAT,
                                STREAM.replace(
                                        "\"model\"",
                                        "\"stream_options\":{\"include_usage\":true},\"model\""))
                        .body();
        assertThat(body)
                .contains(
                        "\"choices\":[],\"usage\":{\"prompt_tokens\":16,\"completion_tokens\":9,\"total_tokens\":25,\"prompt_tokens_details\":{\"cached_tokens\":11,\"cache_write_tokens\":0}}}");
    }

    @Test
    void a_stream_that_fails_midway_ends_with_an_error() throws Exception {
        claude.script(
                LlmScripts.events(
                        EVENTS[0] + "\"}}\n\n",
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"));
        String body = gateway.post(Rules.CHAT, STREAM).body();
        assertThat(body)
                .contains("\"delta\":{\"content\":\"He\"}", "\"code\":\"upstream_failed\"")
                .doesNotContain("[DONE]");
        claude.script(LlmScripts.events(EVENTS[0] + "\"}}\n\n"));
        assertThat(gateway.post(Rules.CHAT, STREAM).body()).contains("\"error\"");
    }

    @Test
    void errors_have_the_form_that_the_client_knows() throws Exception {
        claude.script(error(400, "invalid_request_error", "messages: too few"));
        HttpResponse<String> bad = gateway.post(Rules.CHAT, ASK);
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body())
                .isEqualTo(
                        "{\"error\":{\"message\":\"messages: too few\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}");
        claude.script(error(529, "overloaded_error", "Overloaded"));
        HttpResponse<String> full = gateway.post(Rules.CHAT, ASK);
        assertThat(full.statusCode()).isEqualTo(503);
        assertThat(full.headers().map()).doesNotContainKey("anthropic-organization-id");
        claude.script(LlmScripts.json("<html>"));
        assertThat(gateway.post(Rules.CHAT, ASK).statusCode()).isEqualTo(502);
    }

    @Test
    void fallbacks_go_between_providers_with_a_body_for_each() throws Exception {
        claude.script(error(529, "overloaded_error", "Overloaded"));
        gateway.gateway.update(
                Rules.line(
                                new Rules()
                                        .route(anthropic().fallback("other"))
                                        .route(Rules.model("n", other).named("other"))
                                        .route(Rules.model("o", other).fallback("m")))
                        .config());
        assertThat(gateway.post(Rules.CHAT, ASK).body()).contains("other");
        assertThat(new String(other.requests().getFirst().body(), StandardCharsets.UTF_8))
                .isEqualTo(ASK);
        other.die();
        claude.script(LlmScripts.json(MESSAGE));
        assertThat(gateway.post(Rules.CHAT, ASK.replace("\"m\"", "\"o\"")).body())
                .contains("Hello");
    }

    @Test
    void what_the_provider_has_not_is_said_clearly_and_left_to_others() throws Exception {
        for (String path : List.of("/v1/embeddings", "/v1/responses", "/v1/completions")) {
            HttpResponse<String> refused = gateway.post(path, "{\"model\":\"m\",\"input\":\"x\"}");
            assertThat(refused.statusCode()).as(path).isEqualTo(400);
            assertThat(refused.body()).contains("expected: /v1/chat/completions");
        }
        assertThat(claude.requests()).isEmpty();
        gateway.gateway.update(
                Rules.line(
                                new Rules()
                                        .route(anthropic().fallback("other"))
                                        .route(Rules.model("n", other).named("other")))
                        .config());
        assertThat(gateway.post("/v1/embeddings", "{\"model\":\"m\",\"input\":\"x\"}").body())
                .contains("other");
    }

    @Test
    void clients_of_the_provider_pass_untouched() throws Exception {
        HttpResponse<String> answer = gateway.post("/v1/messages", ASK);
        assertThat(answer.body()).isEqualTo(MESSAGE);
        FakeUpstream.Request sent = claude.requests().getFirst();
        assertThat(sent.header("x-api-key")).isEqualTo("sk-upstream");
        assertThat(sent.header("anthropic-version")).isEqualTo("2023-06-01");
        assertThat(new String(sent.body(), StandardCharsets.UTF_8))
                .isEqualTo(ASK.replace("\"m\"", "\"claude-x\""));
    }

    private Rules.RouteOf anthropic() {
        return Rules.model("m")
                .anthropic(
                        claude.url().toString(),
                        "claude-x",
                        new GatewayRules.Credential(
                                Optional.of("UPSTREAM_KEY"), Optional.empty(), "x-api-key"),
                        new GatewayRules.Anthropic(1000, true, false))
                .attempts(2);
    }

    private static FakeUpstream.Script error(int status, String type, String message) {
        return FakeUpstream.answering(
                status,
                Map.of(
                        "Content-Type",
                        "application/json",
                        "anthropic-organization-id",
                        "org-secret"),
                "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
                        .formatted(type, message));
    }
}
