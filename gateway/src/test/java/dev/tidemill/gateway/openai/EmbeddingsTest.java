package dev.tidemill.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class EmbeddingsTest {
    private static final String NUMBERS =
            "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":1,\"embedding\":[0.5,-2.0,1.0E-7]}],\"model\":\"e\",\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}";

    /// 0.5 is 0x3f000000, -2 is 0xc0000000, 1e-7 is 0x33d6bf95; the lowest byte first.
    private static final String BASE64 =
            NUMBERS.replace("[0.5,-2.0,1.0E-7]", "\"AAAAPwAAAMCVv9Yz\"");

    @Test
    void numbers_become_the_base64_of_little_endian_floats() {
        assertThat(as(true, NUMBERS)).isEqualTo(BASE64);
    }

    @Test
    void base64_becomes_numbers() {
        assertThat(as(false, BASE64)).isEqualTo(NUMBERS);
    }

    @Test
    void what_is_as_wanted_is_not_touched() {
        String spaced = NUMBERS.replace(",", " , ");
        assertThat(as(false, spaced)).isEqualTo(spaced);
        assertThat(as(true, BASE64)).isEqualTo(BASE64);
        assertThat(as(true, "{\"error\":{}}")).isEqualTo("{\"error\":{}}");
    }

    @Test
    void long_embeddings_keep_every_number() {
        StringBuilder numbers = new StringBuilder("{\"data\":[{\"embedding\":[0.0");
        for (int i = 1; i < 5000; i++) {
            numbers.append(',').append((float) i / 7);
        }
        String answer = numbers.append("]}]}").toString();
        assertThat(as(false, as(true, answer))).isEqualTo(answer);
    }

    private static String as(boolean base64, String answer) {
        return new String(
                Embeddings.as(base64, answer.getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8);
    }
}
