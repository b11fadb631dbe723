package dev.tidemill.gateway.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.guardrails.Edit;
import dev.tidemill.guardrails.Look;
import dev.tidemill.guardrails.NamedPattern;
import dev.tidemill.http.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class EventGuardTest {
    private static final List<Look> LOOKS =
            Arrays.stream(NamedPattern.values())
                    .map(p -> new Look("test", p.guardrail(p.replacement()), Look.Action.REDACT))
                    .toList();
    private static final String DONE = "data: [DONE]\n\n";
    private static final List<String> SECRETS =
            List.of("bob@example.com", "4111 1111 1111 1111", "13812345678", "10.1.2.3");
    private static final List<String> WORDS =
            List.of(
                    "tide ",
                    "\"quoted\" ",
                    "\\back ",
                    "潮 ",
                    "😀 ",
                    "\n",
                    "2024 ",
                    "a@ ",
                    "1.2 ",
                    "é");

    @Test
    void texts_of_several_choices_and_tools_are_looked_at_each_by_itself() {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 400; round++) {
            List<String> texts = List.of(text(random), text(random), text(random));
            String stream = stream(texts, random);
            String passed = pass(stream, random);

            assertThat(assembled(passed))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(assembled(stream, LOOKS));
            assertThat(count(passed)).isEqualTo(count(stream));
            for (String secret : SECRETS) {
                assertThat(String.join("", assembled(passed).values()))
                        .as("seed %d, round %d", seed, round)
                        .doesNotContain(secret);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ": keep-alive\n\n",
                "event: x\nid: 7\n\n",
                "data: {\"id\":\"bob@example.com\",\"choices\":[],\"usage\":{\"prompt_tokens\": 5}}\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"plain \\u00e9 \\/ words. \"},\"unknown\":[1.50,true]}]}\r\n\r\n",
                "data: not JSON at all \\ \n\n"
            })
    void what_has_nothing_to_hide_passes_byte_by_byte(String event) {
        EventGuard guard = guard();
        byte[] passed = guard.pass(event.getBytes(StandardCharsets.UTF_8));
        assertThat(text(passed) + text(guard.rest())).isEqualTo(event);
    }

    @Test
    void only_the_event_with_the_open_end_and_those_after_it_wait() {
        EventGuard guard = guard();
        String one = chat(0, "hello there. ");
        String two = chat(0, "mail bob@exam");
        String three = chat(0, "ple.com and ");

        assertThat(text(guard.pass(one.getBytes(StandardCharsets.UTF_8)))).isEqualTo(one);
        assertThat(text(guard.pass(two.getBytes(StandardCharsets.UTF_8)))).isEmpty();
        assertThat(text(guard.pass(three.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(chat(0, "mail [EMAIL]") + chat(0, " and "));
    }

    @Test
    void the_end_of_a_choice_or_stream_lets_what_waits_pass() {
        EventGuard guard = guard();
        guard.pass(chat(0, "it is 10.1.2.3").getBytes(StandardCharsets.UTF_8));
        String end =
                "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
        assertThat(text(guard.pass(end.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(chat(0, "it is [IPV4]") + end);
        assertThat(text(guard.pass(DONE.getBytes(StandardCharsets.UTF_8)))).isEqualTo(DONE);
    }

    @Test
    void responses_are_looked_at_in_pieces_and_as_a_whole() {
        EventGuard guard = guard();
        String passed =
                pass(
                        guard,
                        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"bob@exa\"}\n\n"
                                + "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"mple.com\"}\n\n"
                                + "event: response.output_text.done\ndata: {\"type\":\"response.output_text.done\",\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"text\":\"bob@example.com\"}\n\n"
                                + "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"output\":[{\"content\":[{\"type\":\"output_text\",\"text\":\"bob@example.com\"}]}]}}\n\n");

        assertThat(passed)
                .contains("\"delta\":\"[EMAIL]\"", "\"delta\":\"\"", "\"text\":\"[EMAIL]\"")
                .doesNotContain("bob", "mple.com");
    }

    private static EventGuard guard() {
        return new EventGuard(LOOKS, (_, _) -> {});
    }

    private static String pass(String stream, SplittableRandom random) {
        EventGuard guard = guard();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        while (at < bytes.length) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(200));
            out.writeBytes(guard.pass(Arrays.copyOfRange(bytes, at, end)));
            at = end;
        }
        out.writeBytes(guard.rest());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String pass(EventGuard guard, String stream) {
        return text(guard.pass(stream.getBytes(StandardCharsets.UTF_8))) + text(guard.rest());
    }

    /// Three texts: of two choices and of a tool's arguments, whose pieces come in turns.
    private static String stream(List<String> texts, SplittableRandom random) {
        StringBuilder stream = new StringBuilder();
        int[] at = new int[texts.size()];
        while (true) {
            List<Integer> open = new ArrayList<>();
            for (int i = 0; i < at.length; i++) {
                if (at[i] < texts.get(i).length()) {
                    open.add(i);
                }
            }
            if (open.isEmpty()) {
                return stream.append(DONE).toString();
            }
            int i = open.get(random.nextInt(open.size()));
            int end = Math.min(texts.get(i).length(), at[i] + 1 + random.nextInt(7));
            String piece = Json.whole(texts.get(i).substring(at[i], end));
            stream.append(i < 2 ? chat(i, piece) : tool(piece));
            at[i] = end;
        }
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            text.append(
                    random.nextInt(3) == 0
                            ? " " + SECRETS.get(random.nextInt(SECRETS.size())) + ", "
                            : WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    private static String chat(int index, String content) {
        return "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":%s},\"index\":%d,\"finish_reason\":null}]}\n\n"
                .formatted(JsonMapper.shared().writeValueAsString(content), index);
    }

    private static String tool(String arguments) {
        return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":%s}}]}}]}\n\n"
                .formatted(JsonMapper.shared().writeValueAsString(arguments));
    }

    /// What a client puts together of a stream, by channel.
    private static Map<String, String> assembled(String stream) {
        Map<String, String> texts = new TreeMap<>();
        for (String line : stream.split("\n")) {
            if (line.startsWith("data: {")) {
                JsonNode choice =
                        JsonMapper.shared().readTree(line.substring(6)).path("choices").path(0);
                JsonNode delta = choice.path("delta");
                texts.merge(
                        "content " + choice.path("index").asInt(),
                        delta.path("content").asString(""),
                        String::concat);
                texts.merge(
                        "tool",
                        delta.path("tool_calls")
                                .path(0)
                                .path("function")
                                .path("arguments")
                                .asString(""),
                        String::concat);
            }
        }
        return texts;
    }

    private static Map<String, String> assembled(String stream, List<Look> looks) {
        Map<String, String> texts = assembled(stream);
        texts.replaceAll((name, text) ->
                Edit.apply(text, Edit.of(text, looks, (_, _) -> {}, name.equals("tool"))));
        return texts;
    }

    private static long count(String stream) {
        return stream.lines().filter(line -> line.startsWith("data:")).count();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
