package dev.tidemill.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.batching.BatchPlan.Decision;
import dev.tidemill.server.batching.BatchPlan.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchPlanTest {
    private static final long DELAY = 1_000;

    @Test
    void without_a_delay_takes_all_that_waits() {
        assertThat(new BatchPlan(8, List.of(), 0).decide(queue(1, 2, 3), 0))
                .isEqualTo(new Decision.Run(3, 6, Reason.ALL_THAT_WAITED));
    }

    @Test
    void without_a_delay_a_lone_request_goes_alone() {
        assertThat(new BatchPlan(8, List.of(), 0).decide(queue(1), 0))
                .isEqualTo(new Decision.Run(1, 1, Reason.NOTHING_ELSE));
    }

    @Test
    void ends_before_the_request_that_would_not_fit() {
        assertThat(new BatchPlan(8, List.of(), 0).decide(queue(3, 3, 3), 0))
                .isEqualTo(new Decision.Run(2, 6, Reason.NEXT_TOO_LARGE));
    }

    @Test
    void counts_rows_and_not_requests() {
        assertThat(new BatchPlan(8, List.of(), DELAY).decide(queue(4, 4, 4), 0))
                .isEqualTo(new Decision.Run(2, 8, Reason.FULL));
    }

    @Test
    void lets_a_request_that_is_larger_than_a_batch_go_alone() {
        assertThat(new BatchPlan(8, List.of(), DELAY).decide(queue(20, 1), 0))
                .isEqualTo(new Decision.Run(1, 20, Reason.FULL));
    }

    @Test
    void rows_without_elements_can_be_as_many_as_numbers_go_and_still_do_not_fit() {
        assertThat(new BatchPlan(8, List.of(), 0).decide(queue(1, Integer.MAX_VALUE, 1), 0))
                .isEqualTo(new Decision.Run(1, 1, Reason.NEXT_TOO_LARGE));
    }

    @Test
    void never_joins_different_shapes() {
        List<Request> queue =
                List.of(new Request(1, "a", 0), new Request(1, "a", 0), new Request(1, "b", 0));
        assertThat(new BatchPlan(8, List.of(), DELAY).decide(queue, 0))
                .isEqualTo(new Decision.Run(2, 2, Reason.OTHER_SHAPE));
    }

    @Test
    void waits_until_the_oldest_has_waited_for_the_longest_delay() {
        List<Request> queue = List.of(new Request(1, "a", 100), new Request(1, "a", 300));
        BatchPlan plan = new BatchPlan(8, List.of(), DELAY);
        assertThat(plan.decide(queue, 500)).isEqualTo(new Decision.Wait(100 + DELAY));
        assertThat(plan.decide(queue, 100 + DELAY))
                .isEqualTo(new Decision.Run(2, 2, Reason.DELAY_OVER));
    }

    @Test
    void does_not_wait_at_a_preferred_size_and_takes_the_largest_of_them() {
        BatchPlan plan = new BatchPlan(16, List.of(2, 4, 8), DELAY);
        assertThat(plan.decide(queue(1), 0)).isInstanceOf(Decision.Wait.class);
        assertThat(plan.decide(queue(1, 1), 0)).isEqualTo(new Decision.Run(2, 2, Reason.PREFERRED));
        assertThat(plan.decide(queue(1, 1, 1, 1, 1), 0))
                .isEqualTo(new Decision.Run(4, 4, Reason.PREFERRED));
    }

    @Test
    void forgets_preferred_sizes_once_the_delay_is_over() {
        assertThat(new BatchPlan(16, List.of(4), DELAY).decide(queue(1, 1, 1, 1, 1), DELAY))
                .isEqualTo(new Decision.Run(5, 5, Reason.DELAY_OVER));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20, 65_537})
    void keeps_its_promises_for_any_queue(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            int max = random.nextInt(1, 33);
            BatchPlan plan =
                    new BatchPlan(
                            max,
                            random.nextBoolean() ? List.of() : List.of(random.nextInt(1, max + 1)),
                            random.nextBoolean() ? 0 : DELAY);
            List<Request> queue = new ArrayList<>();
            int length = random.nextInt(1, 20);
            for (int i = 0; i < length; i++) {
                queue.add(
                        new Request(
                                random.nextInt(1, 12),
                                random.nextInt(5) == 0 ? "b" : "a",
                                random.nextLong(DELAY)));
            }
            long now = random.nextLong(3 * DELAY);
            check(plan, queue, now, "seed %d round %d".formatted(seed, round));
        }
    }

    private static void check(BatchPlan plan, List<Request> queue, long now, String where) {
        switch (plan.decide(queue, now)) {
            case Decision.Run(int requests, int rows, Reason _) -> {
                List<Request> batch = queue.subList(0, requests);
                assertThat(requests).as(where).isPositive();
                assertThat(batch.stream().mapToInt(Request::rows).sum()).as(where).isEqualTo(rows);
                assertThat(batch.stream().map(Request::shape).distinct().count())
                        .as(where)
                        .isEqualTo(1);
                assertThat(requests == 1 || rows <= plan.maxRows()).as(where).isTrue();
            }
            case Decision.Wait(long until) -> {
                assertThat(plan.maxDelay()).as(where).isPositive();
                assertThat(until).as(where).isGreaterThan(now);
                long oldest = queue.stream().mapToLong(Request::since).min().orElseThrow();
                assertThat(until).as(where).isEqualTo(oldest + plan.maxDelay());
            }
        }
    }

    private static List<Request> queue(int... rows) {
        List<Request> queue = new ArrayList<>();
        for (int count : rows) {
            queue.add(new Request(count, "a", 0));
        }
        return queue;
    }

    private record Request(int rows, Object shape, long since) implements BatchPlan.Queued {}
}
