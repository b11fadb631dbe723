package dev.tidemill.server.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.QueuePolicy;
import dev.tidemill.server.modelconfig.QueuePolicy.TimeoutAction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {
    private static final long NOW = 1_000;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long NANOS = SECOND.toNanos();

    @Test
    void a_request_that_names_no_priority_has_the_models() {
        assertThat(arriving(levels(3, 2, QueuePolicy.DEFAULT), 0, Duration.ZERO).priority)
                .isEqualTo(2);
        assertThat(arriving(levels(3, 2, QueuePolicy.DEFAULT), 3, Duration.ZERO).priority)
                .isEqualTo(3);
    }

    @Test
    void a_priority_means_nothing_where_there_are_no_levels() {
        assertThat(arriving(DynamicBatching.DEFAULT, 7, Duration.ZERO).priority).isZero();
    }

    @Test
    void a_level_that_does_not_exist_is_refused() {
        assertThatThrownBy(() -> arriving(levels(3, 2, QueuePolicy.DEFAULT), 4, Duration.ZERO))
                .hasMessage("priority: '4' (expected: 1 to 3)");
    }

    @Test
    void without_any_timeout_it_may_wait_for_ever() {
        assertThat(arriving(DynamicBatching.DEFAULT, 0, Duration.ZERO).expires)
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void its_own_timeout_counts_where_it_is_shorter_and_allowed() {
        assertThat(expires(SECOND, true, Duration.ZERO)).isEqualTo(NOW + NANOS);
        assertThat(expires(SECOND, true, SECOND.dividedBy(2))).isEqualTo(NOW + NANOS / 2);
        assertThat(expires(SECOND, true, SECOND.multipliedBy(2))).isEqualTo(NOW + NANOS);
        assertThat(expires(SECOND, false, SECOND.dividedBy(2))).isEqualTo(NOW + NANOS);
        assertThat(expires(Duration.ZERO, true, SECOND)).isEqualTo(NOW + NANOS);
        assertThat(expires(Duration.ZERO, false, SECOND)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void what_happens_then_is_its_levels_policy() {
        QueuePolicy delays = new QueuePolicy(0, SECOND, TimeoutAction.DELAY, true);
        DynamicBatching batching =
                new DynamicBatching(
                        List.of(),
                        Duration.ZERO,
                        false,
                        2,
                        1,
                        QueuePolicy.DEFAULT,
                        Map.of(2, delays));

        assertThat(arriving(batching, 1, Duration.ZERO).onExpiry).isEqualTo(TimeoutAction.REJECT);
        assertThat(arriving(batching, 2, Duration.ZERO).onExpiry).isEqualTo(TimeoutAction.DELAY);
        assertThat(arriving(batching, 2, Duration.ZERO).expires).isEqualTo(NOW + NANOS);
    }

    private static long expires(Duration policy, boolean override, Duration own) {
        return arriving(
                        levels(1, 1, new QueuePolicy(0, policy, TimeoutAction.REJECT, override)),
                        0,
                        own)
                .expires;
    }

    private static Waiting arriving(DynamicBatching batching, int priority, Duration timeout) {
        return new Arrivals(batching)
                .waiting(
                        List.of(),
                        1,
                        "shape",
                        new QueueTerms(priority, timeout, Long.MAX_VALUE),
                        NOW);
    }

    private static DynamicBatching levels(int levels, int usual, QueuePolicy policy) {
        return new DynamicBatching(
                List.of(), Duration.ZERO, false, levels, usual, policy, Map.of());
    }
}
