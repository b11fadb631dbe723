package dev.tidemill.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PromptPrefixTest {
    private static final String BEGIN =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}";

    @Test
    void every_turn_of_a_conversation_begins_alike_and_another_conversation_does_not() {
        String first = BEGIN.formatted("one");
        long begun = of(first + "]}");
        assertThat(begun).isNotZero();
        assertThat(
                        of(
                                first
                                        + ",{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}],\"seed\":1}"))
                .isEqualTo(begun);
        assertThat(of(BEGIN.formatted("two") + "]}")).isNotEqualTo(begun);
    }

    @Test
    void a_prompt_counts_by_its_beginning() {
        String long1 = "x".repeat(2_000);
        assertThat(of("{\"prompt\":\"" + long1 + "a\"}"))
                .isEqualTo(of("{\"prompt\":\"" + long1 + "b\"}"));
        assertThat(of("{\"prompt\":\"a\"}")).isNotEqualTo(of("{\"prompt\":\"b\"}"));
    }

    @Test
    void what_has_no_prompt_has_no_prefix() {
        assertThat(of("{\"model\":\"m\"}")).isZero();
        assertThat(of("[]")).isZero();
        assertThat(of("")).isZero();
        assertThat(of("{\"messages\":[")).isZero();
    }

    private static long of(String body) {
        return PromptPrefix.of(body.getBytes(StandardCharsets.UTF_8));
    }
}
