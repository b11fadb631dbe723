package dev.tidemill.gateway.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class MessagesRequestTest {
    private static final AnthropicRules PLAIN = new AnthropicRules(4096, false, false);

    @Test
    void a_conversation_with_tools_becomes_turns_of_blocks() {
        assertThat(
                        made(
                                """
                                {"model":"m","messages":[
                                 {"role":"system","content":"Be brief."},
                                 {"role":"developer","content":[{"type":"text","text":"No jokes."}]},
                                 {"role":"user","content":"Weather?"},
                                 {"role":"assistant","content":null,"tool_calls":[
                                   {"id":"t1","type":"function","function":{"name":"w","arguments":"{\\"city\\":\\"Ulm\\"}"}},
                                   {"id":"t2","type":"function","function":{"name":"w","arguments":""}}]},
                                 {"role":"tool","tool_call_id":"t1","content":"sun"},
                                 {"role":"tool","tool_call_id":"t2","content":[{"type":"text","text":"rain"}]},
                                 {"role":"user","content":"Thanks"}],
                                 "max_tokens":50,"temperature":1.6,"top_p":0.9,"stop":"X","stream":true,
                                 "user":"u1","seed":7,"presence_penalty":1,
                                 "tools":[{"type":"function","function":{"name":"w","description":"d","parameters":{"type":"object"}}}],
                                 "tool_choice":"required","parallel_tool_calls":false}
                                """,
                                PLAIN))
                .isEqualTo(
                        json(
                                """
                                {"model":"claude","max_tokens":50,
                                 "system":[{"type":"text","text":"Be brief."},{"type":"text","text":"No jokes."}],
                                 "messages":[
                                  {"role":"user","content":[{"type":"text","text":"Weather?"}]},
                                  {"role":"assistant","content":[
                                    {"type":"tool_use","id":"t1","name":"w","input":{"city":"Ulm"}},
                                    {"type":"tool_use","id":"t2","name":"w","input":{}}]},
                                  {"role":"user","content":[
                                    {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"sun"}]},
                                    {"type":"tool_result","tool_use_id":"t2","content":[{"type":"text","text":"rain"}]},
                                    {"type":"text","text":"Thanks"}]}],
                                 "temperature":1.0,"top_p":0.9,"stop_sequences":["X"],
                                 "tools":[{"name":"w","description":"d","input_schema":{"type":"object"}}],
                                 "tool_choice":{"type":"any","disable_parallel_tool_use":true},
                                 "stream":true,"metadata":{"user_id":"u1"}}
                                """));
    }

    @Test
    void images_and_documents_come_as_data_or_by_their_address() {
        JsonNode content =
                made(
                                """
                                {"model":"m","messages":[{"role":"user","content":[
                                  {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
                                  {"type":"image_url","image_url":{"url":"https://x/y.png"}},
                                  {"type":"file","file":{"file_data":"data:application/pdf;base64,BBBB"}}]}]}
                                """,
                                PLAIN)
                        .path("messages")
                        .path(0)
                        .path("content");
        assertThat(content)
                .isEqualTo(
                        json(
                                """
                                [{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
                                 {"type":"image","source":{"type":"url","url":"https://x/y.png"}},
                                 {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"}}]
                                """));
    }

    @Test
    void the_length_of_an_answer_is_always_said() {
        assertThat(made("{\"model\":\"m\",\"messages\":[]}", PLAIN).path("max_tokens").asInt())
                .isEqualTo(4096);
        assertThat(
                        made(
                                        "{\"model\":\"m\",\"messages\":[],\"max_completion_tokens\":9,\"max_tokens\":3}",
                                        PLAIN)
                                .path("max_tokens")
                                .asInt())
                .isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"auto\" | {\"type\":\"auto\"}",
                "\"none\" | {\"type\":\"none\"}",
                "\"required\" | {\"type\":\"any\"}",
                "{\"type\":\"function\",\"function\":{\"name\":\"w\"}} | {\"type\":\"tool\",\"name\":\"w\"}"
            })
    void the_choice_of_a_tool_has_other_words(String given, String sent) {
        JsonNode made =
                made(
                        "{\"model\":\"m\",\"messages\":[],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"w\"}}],\"tool_choice\":%s}"
                                .formatted(given),
                        PLAIN);
        assertThat(made.path("tool_choice")).isEqualTo(json(sent));
        assertThat(made.path("tools").path(0).path("input_schema"))
                .isEqualTo(json("{\"type\":\"object\",\"properties\":{}}"));
    }

    @Test
    void broken_arguments_of_an_earlier_call_do_not_end_the_conversation() {
        JsonNode made =
                made(
                        """
                        {"model":"m","messages":[{"role":"assistant","tool_calls":[
                          {"id":"t","function":{"name":"w","arguments":"{\\"a\\":"}}]}]}
                        """,
                        PLAIN);
        assertThat(made.findValue("input")).isEqualTo(json("{\"arguments\":\"{\\\"a\\\":\"}"));
    }

    @Test
    void turns_that_say_nothing_are_left_out_and_a_beginning_ends_without_space() {
        JsonNode messages =
                made(
                                """
                                {"model":"m","messages":[{"role":"user","content":"a"},{"role":"assistant","content":""},
                                 {"role":"user","content":"b"},{"role":"assistant","content":"It is  "}]}
                                """,
                                PLAIN)
                        .path("messages");
        assertThat(messages.findValuesAsString("text")).containsExactly("a", "b", "It is");
    }

    @Test
    void prompts_are_marked_for_the_cache_at_tools_system_and_the_last_two_turns() {
        String chat =
                """
                {"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"1"},
                 {"role":"assistant","content":"a"},{"role":"user","content":"2"},{"role":"assistant","content":"b"},
                 {"role":"user","content":"3"}],
                 "tools":[{"type":"function","function":{"name":"v"}},{"type":"function","function":{"name":"w"}}]}
                """;
        JsonNode made = made(chat, new AnthropicRules(10, true, false));
        assertThat(made.findParents("cache_control"))
                .extracting(block -> block.path("text").asString(block.path("name").asString("")))
                .containsExactlyInAnyOrder("w", "s", "2", "3");
        assertThat(made.findValue("cache_control")).isEqualTo(json("{\"type\":\"ephemeral\"}"));
        assertThat(made(chat, new AnthropicRules(10, true, true)).findValue("cache_control"))
                .isEqualTo(json("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}"));
        assertThat(made(chat, PLAIN).findValue("cache_control")).isNull();
    }

    @Test
    void a_client_that_marks_prompts_itself_is_left_to_it() {
        JsonNode made =
                made(
                        """
                        {"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[
                          {"type":"text","text":"1","cache_control":{"type":"ephemeral"}}]}]}
                        """,
                        new AnthropicRules(10, true, false));
        assertThat(made.findParents("cache_control")).hasSize(1);
    }

    @Test
    void an_answer_that_must_fit_a_schema_is_the_input_of_a_tool() {
        MessagesRequest.Made made =
                MessagesRequest.of(
                        bytes(
                                """
                                {"model":"m","messages":[],"response_format":{"type":"json_schema",
                                 "json_schema":{"name":"x","schema":{"type":"object","required":["a"]}}}}
                                """),
                        null,
                        PLAIN);
        assertThat(made.answersByTool()).isTrue();
        JsonNode sent = json(new String(made.body(), StandardCharsets.UTF_8));
        assertThat(sent.path("tool_choice"))
                .isEqualTo(json("{\"type\":\"tool\",\"name\":\"answer\"}"));
        assertThat(sent.path("tools").path(0).path("input_schema"))
                .isEqualTo(json("{\"type\":\"object\",\"required\":[\"a\"]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\",\"messages\":[],\"n\":2} | n: '2' (expected: 1: this model gives one answer)",
                "{\"model\":\"m\"} | messages: 'missing' (expected: a list of messages)",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"function\"}]} | messages.role: 'function'",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}]} | messages.content.type: 'input_audio'",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"file:///etc/passwd\"}}]}]} | messages.content.image: 'file:///etc/passwd'",
                "{\"model\":\"m\",\"messages\":[],\"tools\":[{\"type\":\"web_search\"}]} | tools.type: 'web_search'"
            })
    void what_cannot_be_said_there_is_refused(String chat, String problem) {
        assertThatThrownBy(() -> made(chat, PLAIN))
                .isInstanceOf(TidemillException.class)
                .hasMessageStartingWith(problem);
    }

    private static JsonNode made(String chat, AnthropicRules rules) {
        return json(
                new String(
                        MessagesRequest.of(bytes(chat), "claude", rules).body(),
                        StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode json(String text) {
        return MessagesRequest.JSON.readTree(text);
    }
}
