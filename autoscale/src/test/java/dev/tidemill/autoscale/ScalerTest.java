package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.ScalingRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScalerTest {
    private static final ScalingRule RULE =
            new ScalingRule(2, 4, 8, Duration.ofSeconds(2), Duration.ZERO, Duration.ofSeconds(5));

    private final RecordedTarget target = new RecordedTarget(2);
    private final Scaler scaler = new Scaler(target, RULE);
    private long seconds;

    @Test
    void load_is_answered_by_one_order_with_its_reason() {
        tick(32);
        tick(32);
        assertThat(target.orders)
                .containsExactly("digits 4: 32.0 requests in flight need 4 at 8 a replica");
    }

    @Test
    void when_load_ends_the_target_returns_to_its_minimum_after_the_window() {
        tick(32);
        for (int i = 0; i < 10; i++) {
            tick(0);
        }
        assertThat(target.replicas).isEqualTo(2);
        assertThat(target.orders).hasSize(2);
        assertThat(target.orders.getLast()).endsWith("but min is 2");
    }

    @Test
    void a_gateway_that_does_not_answer_changes_nothing() {
        tick(32);
        for (int i = 0; i < 60; i++) {
            seconds++;
            assertThat(scaler.tick(seconds * 1_000_000_000L, Optional.empty()).reason())
                    .isEqualTo("no signal: holding at 4");
        }
        assertThat(target.replicas).isEqualTo(4);
    }

    @Test
    void a_pinned_target_ignores_load_until_it_is_released() {
        scaler.pin(1);
        tick(32);
        assertThat(target.replicas).isEqualTo(1);
        scaler.release();
        tick(32);
        assertThat(target.replicas).isEqualTo(4);
    }

    private void tick(double concurrency) {
        seconds++;
        scaler.tick(
                seconds * 1_000_000_000L,
                Optional.of(new Traffic(100, 0, concurrency, Duration.ofMillis(3))));
    }

    private static final class RecordedTarget implements ScalingTarget {
        private final List<String> orders = new ArrayList<>();
        private int replicas;

        RecordedTarget(int replicas) {
            this.replicas = replicas;
        }

        @Override
        public String name() {
            return "digits";
        }

        @Override
        public int replicas() {
            return replicas;
        }

        @Override
        public void order(int count, String reason) {
            replicas = count;
            orders.add("digits %d: %s".formatted(count, reason));
        }
    }
}
