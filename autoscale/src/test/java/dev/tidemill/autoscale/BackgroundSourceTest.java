package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class BackgroundSourceTest {
    private static final Map<String, Measures> ONE = Map.of("digits", Measures.of("jobs", 1));

    private final SynchronousQueue<Map<String, Measures>> answers = new SynchronousQueue<>();
    private final AtomicLong nanos = new AtomicLong();
    private final BackgroundSource source =
            new BackgroundSource(
                    new SignalSource() {
                        @Override
                        public String name() {
                            return "slow";
                        }

                        @Override
                        public Map<String, Measures> read() {
                            return take();
                        }
                    },
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(20),
                    nanos::get);

    @Test
    void one_that_hangs_holds_up_nobody_and_what_it_said_grows_old() throws Exception {
        assertThat(source.read()).isEmpty();
        assertThat(answers.offer(ONE, 10, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().until(() -> source.read().equals(ONE));
        nanos.addAndGet(Duration.ofSeconds(19).toNanos());
        assertThat(source.read()).as("asked again, and hangs").isEqualTo(ONE);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(source.read()).isEmpty();
    }

    @Test
    void what_comes_late_is_as_old_as_its_question() throws Exception {
        source.read();
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        assertThat(answers.offer(ONE, 10, TimeUnit.SECONDS)).isTrue();
        // It was asked once more only after that answer was in.
        Awaitility.await()
                .until(() -> {
                    assertThat(source.read()).isEmpty();
                    return answers.offer(ONE);
                });
        Awaitility.await().until(() -> source.read().equals(ONE));
    }

    @Test
    void one_empty_answer_leaves_what_is_known_until_that_is_old() throws Exception {
        source.read();
        assertThat(answers.offer(ONE, 10, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().until(() -> source.read().equals(ONE));
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        source.read();
        assertThat(answers.offer(Map.of(), 10, TimeUnit.SECONDS)).isTrue();
        // Only when that answer is in can it be asked, and answer, once more.
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        Awaitility.await()
                .until(() -> {
                    assertThat(source.read()).isEqualTo(ONE);
                    return answers.offer(Map.of());
                });
        nanos.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(source.read()).isEmpty();
    }

    private Map<String, Measures> take() {
        try {
            return answers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }
}
