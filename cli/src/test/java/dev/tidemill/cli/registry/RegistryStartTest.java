package dev.tidemill.cli.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RegistryStartTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger tries = new AtomicInteger();
    private final List<String> lines = new ArrayList<>();
    private final RegistryStart start =
            new RegistryStart(nanos::get, pause -> nanos.addAndGet(pause.toNanos()), lines::add);

    @Test
    void waits_for_a_model_that_is_not_there_yet_and_says_so_once() throws InterruptedException {
        List<String> pulled =
                start.first(
                        () -> {
                            if (tries.incrementAndGet() < 4) {
                                throw failure(ErrorCode.MODEL_NOT_FOUND);
                            }
                            return List.of("pulled");
                        },
                        Duration.ofSeconds(10));

        assertThat(pulled).containsExactly("pulled");
        assertThat(lines).containsExactly("waiting: MODEL_NOT_FOUND");
    }

    @Test
    void gives_up_in_the_end_and_at_once_where_waiting_does_not_help() {
        assertThatThrownBy(() -> start.first(this::unreachable, Duration.ofSeconds(3)))
                .hasMessage("UPSTREAM_FAILED");
        assertThat(tries).hasValue(4);
        assertThatThrownBy(() -> start.first(this::unreachable, Duration.ZERO))
                .hasMessage("UPSTREAM_FAILED");
        assertThat(tries).hasValue(5);
        assertThatThrownBy(() ->
                        start.first(
                                () -> {
                                    throw failure(ErrorCode.CORRUPT_ARTIFACT);
                                },
                                Duration.ofSeconds(3)))
                .hasMessage("CORRUPT_ARTIFACT");
    }

    private List<String> unreachable() {
        tries.incrementAndGet();
        throw failure(ErrorCode.UPSTREAM_FAILED);
    }

    private static TidemillException failure(ErrorCode code) {
        return new TidemillException(code, code.name());
    }
}
