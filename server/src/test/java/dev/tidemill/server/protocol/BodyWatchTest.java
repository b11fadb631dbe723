package dev.tidemill.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.http.Bodies;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class BodyWatchTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int BLOCK = 64 * 1024;

    private final AtomicLong now = new AtomicLong();

    @Test
    void an_announced_length_buys_no_time() {
        assertThat(stalls(budget -> budget.take(64 << 20))).isTrue();
    }

    @Test
    void a_fast_beginning_buys_no_time() {
        assertThat(
                        stalls(budget -> {
                            for (int i = 0; i < 1024; i++) {
                                budget.take(BLOCK);
                            }
                        }))
                .isTrue();
    }

    @Test
    void a_slow_line_that_goes_on_is_never_ended() {
        try (BodyWatch watch = new BodyWatch(Duration.ofSeconds(1), now::get)) {
            byte[] body =
                    watch.reading(
                            Bodies.Budget.UNLIMITED,
                            budget -> {
                                for (int i = 0; i < 100; i++) {
                                    budget.take(BLOCK);
                                    now.addAndGet(SECOND);
                                }
                                return new byte[1];
                            });
            assertThat(body).hasSize(1);
            assertThat(watch.ended()).isZero();
        }
    }

    /// Whether a reader that gets nothing more after this is ended when its free time is over.
    private boolean stalls(java.util.function.Consumer<Bodies.Budget> begins) {
        try (BodyWatch watch = new BodyWatch(Duration.ofMillis(100), now::get)) {
            watch.reading(
                    Bodies.Budget.UNLIMITED,
                    budget -> {
                        begins.accept(budget);
                        now.addAndGet(SECOND / 10 + 1);
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            return new byte[0];
                        }
                        return new byte[1];
                    });
            return watch.ended() == 1;
        }
    }
}
