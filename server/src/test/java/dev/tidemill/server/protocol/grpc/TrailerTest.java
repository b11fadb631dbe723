package dev.tidemill.server.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TrailerTest {
    @Test
    void leaves_messages_that_fit_as_they_are() {
        for (String message : List.of("", "input x: 'é' (expected: y)", "n".repeat(4_000))) {
            assertThat(Trailer.fit(message)).isEqualTo(message);
        }
    }

    @Test
    void keeps_beginning_and_end_of_longer_ones_whatever_they_are_made_of() {
        for (String piece : List.of("n", "%", "é", "七", "🙂", "\0")) {
            String fit = Trailer.fit("name: '" + piece.repeat(5_000) + "' (expected: x)");

            assertThat(fit).startsWith("name: '" + piece).endsWith("' (expected: x)");
            assertThat(URLEncoder.encode(fit, StandardCharsets.UTF_8)).hasSizeLessThan(4_300);
        }
    }
}
