package dev.tidemill.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientTimeoutTest {
    @Test
    void a_client_may_say_how_long_it_waits_up_to_a_day() {
        assertThat(ClientTimeout.of(Optional.empty())).isEmpty();
        assertThat(ClientTimeout.of(Optional.of("1"))).hasValue(Duration.ofMillis(1));
        assertThat(ClientTimeout.of(Optional.of("86400000"))).hasValue(Duration.ofDays(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "86400001", "1.5", "soon", "", "99999999999999999999"})
    void anything_else_is_refused(String said) {
        assertThatThrownBy(() -> ClientTimeout.of(Optional.of(said)))
                .hasMessage("Tidemill-Timeout-Ms: '%s' (expected: 1 to 86400000)".formatted(said));
    }
}
