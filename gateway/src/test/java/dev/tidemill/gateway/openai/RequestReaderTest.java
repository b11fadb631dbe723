package dev.tidemill.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestReaderTest {
    @Test
    void finds_what_decides_among_everything_else() {
        ModelRequest request =
                read(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"\\\"model\\\":\\\"x\\\"\"}],"
                                + "\"tools\":[{\"model\":\"inner\"}], \"model\" : \"gpt-4o\" ,"
                                + "\"stream\":true,\"max_tokens\":100}");
        assertThat(request.model()).isEqualTo("gpt-4o");
        assertThat(request.stream()).isTrue();
        assertThat(request.estimate(7)).isEqualTo(100 + 138 / 4);
        assertThat(read("{\"model\":\"m\",\"max_tokens\":100,\"n\":5}").answer(7)).isEqualTo(500);
        assertThat(read("{\"model\":\"m\",\"n\":-1,\"best_of\":3}").answer(7)).isEqualTo(21);
        assertThat(read("{\"model\":\"m\",\"n\":1000000}").answer(7)).isEqualTo(128 * 7);
    }

    @ParameterizedTest
    @CsvSource({
        "256, 256",
        "256.0, 256",
        "2.56e2, 256",
        "0, 0",
        "null, 7",
        "-1, 7",
        "99999999999999999999, 10000000",
        "1e300, 10000000",
        "-99999999999999999999, 7"
    })
    void whole_numbers_count_however_they_are_written(String given, long answer) {
        for (String key : List.of("max_tokens", "max_completion_tokens", "max_output_tokens")) {
            assertThat(read("{\"model\":\"m\",\"%s\":%s}".formatted(key, given)).answer(7))
                    .isEqualTo(answer);
        }
        assertThat(read("{\"model\":\"m\",\"n\":3.0}").answer(7)).isEqualTo(21);
    }

    @ParameterizedTest
    @ValueSource(strings = {"256.5", "\"256\"", "true", "[]", "{}", "1e-1"})
    void what_is_no_whole_number_is_refused(String given) {
        for (String key : List.of("max_tokens", "max_completion_tokens", "n")) {
            assertThatThrownBy(() -> read("{\"model\":\"m\",\"%s\":%s}".formatted(key, given)))
                    .isInstanceOfSatisfying(
                            TidemillException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                    .hasMessageStartingWith(key + ": '")
                    .hasMessageEndingWith("(expected: a whole number)");
        }
    }

    @Test
    void a_key_in_escapes_is_the_same_key() {
        assertThat(read("{\"mod\\u0065l\":\"a\"}").model()).isEqualTo("a");
    }

    @Test
    void changes_the_models_name_and_not_a_byte_more() {
        assertThat(changed("{ \"x\": 1.0e5,\n\"model\"\t:\"a\\/b\" , \"y\":[ ] }", "llama", false))
                .isEqualTo("{ \"x\": 1.0e5,\n\"model\"\t:\"llama\" , \"y\":[ ] }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"model":"m"}                                                | {"stream_options":{"include_usage":true},"model":"m"}
                    { "model":"m","stream_options":null}                         | { "model":"m","stream_options":{"include_usage":true}}
                    {"stream_options":{},"model":"m"}                            | {"stream_options":{"include_usage":true},"model":"m"}
                    {"stream_options":{"include_obfuscation":false},"model":"m"} | {"stream_options":{"include_usage":true,"include_obfuscation":false},"model":"m"}
                    {"stream_options":{"include_usage": false },"model":"m"}     | {"stream_options":{"include_usage": true },"model":"m"}
                    {"stream_options":{"include_usage":true},"model":"m"}        | {"stream_options":{"include_usage":true},"model":"m"}
                    """)
    void asks_for_usage_however_the_options_were_given(String body, String sent) {
        assertThat(changed(body, null, true)).isEqualTo(sent);
    }

    @Test
    void makes_both_changes_at_once() {
        assertThat(changed("{\"model\":\"m\",\"n\":1}", "other", true))
                .isEqualTo(
                        "{\"stream_options\":{\"include_usage\":true},\"model\":\"other\",\"n\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"model\":1}",
                "{\"model\":null}",
                "{\"model\":\"a\",\"model\":\"b\"}",
                "{\"model\":\"a\",\"mod\\u0065l\":\"b\"}",
                "{\"model\":\"a\",\"stream\":1}",
                "{\"model\":\"a\",\"stream_options\":[]}",
                "{\"model\":\"a\"}{\"model\":\"b\"}",
                "{\"model\":\"a\"",
                "{\"model\":\"a\",}",
                "{'model':'a'}",
                "{\"model\":\"a\",\"x\":NaN}"
            })
    void refuses_what_two_readers_could_read_in_two_ways(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(TidemillException.class);
    }

    @Test
    void refuses_invalid_utf_8() {
        byte[] body = "{\"model\":\"a?\"}".getBytes(StandardCharsets.ISO_8859_1);
        body[11] = (byte) 0xff;
        assertThatThrownBy(() -> RequestReader.read(body)).isInstanceOf(TidemillException.class);
    }

    @Test
    void refuses_a_bottomless_body() {
        String deep = "[".repeat(100_000);
        assertThatThrownBy(() -> read("{\"model\":\"a\",\"x\":" + deep))
                .isInstanceOf(TidemillException.class);
    }

    private static ModelRequest read(String body) {
        return RequestReader.read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String changed(String body, @Nullable String as, boolean usage) {
        return new String(read(body).body(as, usage), StandardCharsets.UTF_8);
    }
}
