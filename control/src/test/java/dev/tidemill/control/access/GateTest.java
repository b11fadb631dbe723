package dev.tidemill.control.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GateTest {
    private final AtomicLong nanos = new AtomicLong();

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7"})
    void other_machines_never_come_in_without_a_token(String host) {
        assertThatThrownBy(() -> Gate.of(host, Optional.empty(), nanos::get))
                .hasMessageStartingWith("host: '%s' (expected: tokens too".formatted(host));
        assertThatThrownBy(() -> Gate.of(host, Optional.of(folder), nanos::get))
                .hasMessageStartingWith("tokens: '%s' (expected: a folder".formatted(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    void on_loopback_nobody_is_asked(String host) {
        assertThat(Gate.of(host, Optional.empty(), nanos::get).isOpen()).isTrue();
    }

    @Test
    void a_token_that_is_exchanged_is_taken_over_while_we_run() throws IOException {
        Files.writeString(folder.resolve("admin"), "one\n");
        TokenFolder tokens = new TokenFolder(folder, nanos::get);
        assertThat(tokens.role("one")).hasValue(Role.ADMIN);
        assertThat(tokens.role("two")).isEmpty();

        Files.writeString(folder.resolve("admin"), "one\ntwo\n");
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());

        assertThat(tokens.role("one")).hasValue(Role.ADMIN);
        assertThat(tokens.role("two")).hasValue(Role.ADMIN);

        Files.writeString(folder.resolve("admin"), "two\n");
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(tokens.role("one")).isEmpty();
        assertThat(tokens.role("")).isEmpty();
    }
}
