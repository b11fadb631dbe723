package dev.tidemill.server.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.QueuePolicy;
import dev.tidemill.server.modelconfig.QueuePolicy.TimeoutAction;
import dev.tidemill.testkit.Tensors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Requests are told apart by the name of their input.
final class RequestQueueTest {
    private static final long NEVER = Long.MAX_VALUE;

    @Test
    void what_is_delayed_waits_behind_its_own_level_and_before_the_next() {
        RequestQueue queue = new RequestQueue(batching(2, 0));
        add(queue, "late urgent", 1, 10, NEVER);
        add(queue, "late usual", 2, 10, NEVER);
        add(queue, "usual", 2, NEVER, NEVER);
        add(queue, "urgent", 1, NEVER, NEVER);

        assertThat(queue.expire(10, 0)).isEmpty();

        List<String> expected = List.of("urgent", "late urgent", "usual", "late usual");
        List<Waiting> seen = new ArrayList<>();
        queue.forEach(seen::add);
        assertThat(seen).extracting(RequestQueueTest::name).isEqualTo(expected);
        assertThat(queue.take(4)).extracting(RequestQueueTest::name).isEqualTo(expected);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void the_delayed_count_towards_the_size_of_their_level() {
        RequestQueue queue = new RequestQueue(batching(2, 2));
        add(queue, "a", 1, 10, NEVER);
        add(queue, "b", 1, 10, NEVER);
        queue.expire(10, 0);

        assertThatThrownBy(() -> add(queue, "c", 1, NEVER, NEVER))
                .hasMessageStartingWith("queue: Exceeds maximum queue size");
        add(queue, "of another level", 2, NEVER, NEVER);
        queue.take(1);
        add(queue, "c", 1, NEVER, NEVER);

        assertThat(queue.take(3))
                .extracting(RequestQueueTest::name)
                .containsExactly("c", "b", "of another level");
    }

    @Test
    void what_is_delayed_can_still_leave_and_still_miss_its_deadline() {
        RequestQueue queue = new RequestQueue(batching(0, 0));
        Waiting leaving = add(queue, "leaving", 0, 10, NEVER);
        add(queue, "late", 0, 10, 50);
        queue.expire(10, 0);

        assertThat(queue.expire(30, 21)).extracting(RequestQueueTest::name).containsExactly("late");
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.remove(leaving)).isTrue();
        assertThat(queue.remove(leaving)).isFalse();
        assertThat(queue.isEmpty()).isTrue();
    }

    private static Waiting add(
            RequestQueue queue, String name, int priority, long expires, long deadline) {
        List<Tensor> inputs = List.of(Tensors.ints(name, new long[] {1}, 1));
        Waiting request =
                new Waiting(
                        inputs, 1, "shape", priority, 0, expires, deadline, TimeoutAction.DELAY);
        queue.add(request);
        return request;
    }

    private static String name(Waiting request) {
        return request.inputs.getFirst().name();
    }

    private static DynamicBatching batching(int levels, int most) {
        QueuePolicy delays = new QueuePolicy(most, Duration.ZERO, TimeoutAction.DELAY, true);
        return new DynamicBatching(
                List.of(), Duration.ZERO, false, levels, levels, delays, Map.of());
    }
}
