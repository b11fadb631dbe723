package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class InFlightTest {
    private final InFlight inFlight = new InFlight();

    @Test
    void waits_for_nothing_when_nothing_is_in_flight() throws InterruptedException {
        assertThat(inFlight.awaitNone(Duration.ZERO)).isTrue();
    }

    @Test
    void gives_up_when_the_time_is_over() throws InterruptedException {
        inFlight.enter();

        assertThat(inFlight.awaitNone(Duration.ofMillis(5))).isFalse();
        assertThat(inFlight.count()).isEqualTo(1);
    }

    @Test
    void notices_the_last_one_leave() throws Exception {
        for (int round = 0; round < 200; round++) {
            inFlight.enter();
            inFlight.enter();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Boolean> waiting =
                        threads.submit(() -> inFlight.awaitNone(Duration.ofSeconds(20)));
                inFlight.exit();
                inFlight.exit();

                assertThat(waiting.get()).isTrue();
            }
        }
    }
}
