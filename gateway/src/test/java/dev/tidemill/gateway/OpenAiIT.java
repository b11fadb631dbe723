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
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiIT {
    private static final String ANSWER =
            "{\"id\":\"c1\",\"object\":\"chat.completion\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}";

    private final FakeUpstream upstream = FakeUpstream.start(LlmScripts.json(ANSWER));
    private final RunningGateway gateway =
            new RunningGateway(
                    Rules.line(
                            new Rules()
                                    .route(Rules.model("gpt-4o", upstream))
                                    .route(
                                            Rules.model("org/small")
                                                    .named("small")
                                                    .upstream(
                                                            upstream.url() + "/llm/v1",
                                                            1,
                                                            Optional.of("llama-3"),
                                                            Optional.of(
                                                                    new GatewayRules.Credential(
                                                                            Optional.of(
                                                                                    "UPSTREAM_KEY"),
                                                                            Optional.empty(),
                                                                            "authorization"))))));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/v1/completions",
                "/v1/embeddings",
                "/v1/responses",
                "/v1/moderations",
                "/v1/images/generations"
            })
    void a_body_goes_by_its_model_and_not_a_byte_of_it_changes(String path) throws Exception {
        String body =
                "{ \"unknown\" : {\"deep\":[1.50, 1E3, \"\\u00e9 é\"]},\n\"model\":\"gpt-4o\",\"input\":\"x\"}";
        HttpResponse<String> answer = gateway.post(path + "?a=b", body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(ANSWER);
        FakeUpstream.Request seen = upstream.requests().getFirst();
        assertThat(new String(seen.body(), StandardCharsets.UTF_8)).isEqualTo(body);
        assertThat(seen.target()).isEqualTo(path + "?a=b");
        assertThat(seen.header("host")).isEqualTo("127.0.0.1:" + upstream.port());
    }

    @Test
    void a_prompt_of_megabytes_passes_and_one_that_is_too_long_is_refused_in_openais_form()
            throws Exception {
        String open = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"";
        String prompt = open + "tide ".repeat(800_000) + "\"}]}";
        assertThat(gateway.post(Rules.CHAT, prompt).statusCode()).isEqualTo(200);
        assertThat(upstream.requests().getFirst().body())
                .isEqualTo(prompt.getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> refused =
                gateway.post(Rules.CHAT, open + "tide ".repeat(900_000) + "\"}]}");
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).startsWith("{\"error\":{\"message\":");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void a_length_that_is_no_whole_number_is_refused_in_openais_form() throws Exception {
        HttpResponse<String> refused =
                gateway.post(Rules.CHAT, "{\"model\":\"gpt-4o\",\"max_tokens\":256.5}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .startsWith(
                        "{\"error\":{\"message\":\"max_tokens: '256.5' (expected: a whole number)")
                .contains("\"type\":\"invalid_request_error\"");
    }

    @Test
    void a_route_may_rename_the_model_bring_its_own_key_and_have_a_base_path() throws Exception {
        HttpResponse<String> answer =
                gateway.send(
                        gateway.request(Rules.CHAT)
                                .header("authorization", "Bearer the-clients")
                                .header("x-api-key", "the-clients")
                                .POST(BodyPublishers.ofString("{\"model\":\"org/small\",\"x\":1}")),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        FakeUpstream.Request seen = upstream.requests().getFirst();
        assertThat(new String(seen.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"model\":\"llama-3\",\"x\":1}");
        assertThat(seen.target()).isEqualTo("/llm/v1/chat/completions");
        assertThat(seen.header("authorization")).isEqualTo("Bearer sk-upstream");
        assertThat(seen.header("x-api-key")).isNull();
    }

    @Test
    void a_client_s_own_key_goes_on_when_the_gateway_wants_none() throws Exception {
        gateway.send(
                gateway.request(Rules.CHAT)
                        .header("authorization", "Bearer the-clients")
                        .POST(BodyPublishers.ofString("{\"model\":\"gpt-4o\"}")),
                BodyHandlers.ofString());

        assertThat(upstream.requests().getFirst().header("authorization"))
                .isEqualTo("Bearer the-clients");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"model":"gpt-5"}  | 404 | {"error":{"message":"model: 'gpt-5' (expected: gpt-4o or org/small)","type":"invalid_request_error","param":"model","code":"model_not_found"}}
                    {}                 | 400 | {"error":{"message":"model: 'missing' (expected: the name of a model)","type":"invalid_request_error","param":null,"code":"invalid_request"}}
                    """)
    void refusals_have_openais_form(String body, int status, String error) throws Exception {
        HttpResponse<String> answer = gateway.post(Rules.CHAT, body);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(error);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void so_do_wrong_methods_and_paths_and_broken_requests() throws Exception {
        assertThat(gateway.get(Rules.CHAT).body()).startsWith("{\"error\":{\"message\":");
        assertThat(gateway.raw("GET /v1/x y HTTP/1.1\r\nHost: x\r\n\r\n")).contains("HTTP/1.1 400");
        assertThat(gateway.get("/elsewhere").body()).startsWith("{\"error\":\"path:");
    }

    @Test
    void models_are_listed_and_shown_one_by_one() throws Exception {
        assertThat(gateway.get("/v1/models").body())
                .matches(
                        "\\{\"object\":\"list\",\"data\":\\[\\{\"id\":\"gpt-4o\",\"object\":\"model\",\"created\":\\d+,\"owned_by\":\"tidemill\"},\\{\"id\":\"org/small\",.*]}");
        assertThat(gateway.get("/v1/models/gpt-4o").body()).startsWith("{\"id\":\"gpt-4o\"");
        assertThat(gateway.get("/v1/models/org/small").body()).startsWith("{\"id\":\"org/small\"");
        assertThat(gateway.get("/v1/models/org%2Fsmall").statusCode()).isEqualTo(200);
        HttpResponse<String> unknown = gateway.get("/v1/models/nobody");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("\"code\":\"model_not_found\"");
    }

    @Test
    void embeddings_come_in_the_encoding_that_was_asked_for() throws Exception {
        upstream.script(
                LlmScripts.json(
                        "{\"data\":[{\"index\":0,\"embedding\":[0.5,-2]}],\"model\":\"e\"}"));
        String asked = "{\"model\":\"gpt-4o\",\"input\":\"x\",\"encoding_format\":\"base64\"}";

        assertThat(gateway.post("/v1/embeddings", asked).body())
                .isEqualTo(
                        "{\"data\":[{\"index\":0,\"embedding\":\"AAAAPwAAAMA=\"}],\"model\":\"e\"}");
        assertThat(gateway.post("/v1/embeddings", asked.replace("base64", "float")).body())
                .contains("[0.5,-2]");
    }

    @Test
    void a_packed_body_is_unpacked_to_be_read() throws Exception {
        java.io.ByteArrayOutputStream packed = new java.io.ByteArrayOutputStream();
        try (var gzip = new java.util.zip.GZIPOutputStream(packed)) {
            gzip.write("{\"model\":\"gpt-4o\"}".getBytes(StandardCharsets.UTF_8));
        }
        gateway.send(
                gateway.request(Rules.CHAT)
                        .header("content-encoding", "gzip")
                        .header("accept-encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(packed.toByteArray())),
                BodyHandlers.ofString());

        FakeUpstream.Request seen = upstream.requests().getFirst();
        assertThat(new String(seen.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"model\":\"gpt-4o\"}");
        assertThat(seen.header("content-encoding")).isNull();
        assertThat(seen.header("accept-encoding")).isNull();
    }

    @Test
    void tokens_are_counted() throws Exception {
        gateway.post(Rules.CHAT, "{\"model\":\"gpt-4o\"}");
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_tokens_total{kind=\"input\",model=\"gpt-4o\"} 3.0")
                .contains("tidemill_gateway_tokens_total{kind=\"output\",model=\"gpt-4o\"} 4.0");
    }

    @Test
    void an_upstream_s_refusal_is_passed_on_as_it_is() throws Exception {
        String error =
                "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"param\":null,\"code\":null}}";
        upstream.script(
                FakeUpstream.answering(
                        422, java.util.Map.of("Content-Type", "application/json"), error));
        HttpResponse<String> answer = gateway.post(Rules.CHAT, "{\"model\":\"gpt-4o\"}");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).isEqualTo(error);
    }

    @Test
    void no_answer_says_where_the_upstream_is() throws Exception {
        upstream.die();
        HttpResponse<String> answer = gateway.post(Rules.CHAT, "{\"model\":\"gpt-4o\"}");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(List.of(answer.body(), answer.headers().map().toString()))
                .noneMatch(text -> text.contains(String.valueOf(upstream.port())));
    }
}
