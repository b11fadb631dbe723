package dev.tidemill.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.operator.scale.OrderedPool.Change;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrderedPoolTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private final List<String> orders = new ArrayList<>();
    private long nanos;
    private boolean silent;
    private final OrderedPool pool =
            new OrderedPool("ns", seen(2), this::order, InstantSource.fixed(T0), () -> nanos);

    @Test
    void what_was_ordered_counts_until_the_watch_shows_it() {
        pool.order(5, "busy");
        pool.see(seen(2));

        assertThat(pool.replicas()).isEqualTo(5);
        assertThat(orders).containsExactly("ns/digits-server 5");

        pool.see(seen(5));
        pool.see(seen(3));
        assertThat(pool.replicas()).as("somebody else's change").isEqualTo(3);
    }

    @Test
    void what_never_comes_back_is_believed_for_a_while_only() {
        pool.order(5, "busy");
        nanos = 11_000_000_000L;
        pool.see(seen(2));

        assertThat(pool.replicas()).isEqualTo(2);
    }

    @Test
    void an_order_that_was_refused_is_none() {
        silent = true;
        pool.order(5, "busy");

        assertThat(pool.replicas()).isEqualTo(2);
        assertThat(pool.last()).isEmpty();
    }

    @Test
    void it_remembers_why_it_was_changed() {
        pool.order(5, "busy");

        assertThat(pool.last()).contains(new Change("busy", T0));
    }

    private void order(String namespace, String deployment, int replicas) {
        if (silent) {
            throw new IllegalStateException("no answer");
        }
        orders.add("%s/%s %d".formatted(namespace, deployment, replicas));
    }

    private static LivePool seen(int replicas) {
        return new LivePool(
                Pools.digits("{}"), "digits-server", replicas, replicas, Double.NaN, List.of());
    }
}
