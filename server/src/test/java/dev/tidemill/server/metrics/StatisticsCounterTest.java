package dev.tidemill.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.batching.BatchPlan.Reason;
import dev.tidemill.server.batching.BatchRecord;
import dev.tidemill.server.metrics.ModelStatistics.BatchSize;
import dev.tidemill.server.metrics.ModelStatistics.Total;
import org.junit.jupiter.api.Test;

/// As Triton counts.
final class StatisticsCounterTest {
    private final StatisticsCounter counter = new StatisticsCounter();

    @Test
    void a_run_counts_for_every_request_in_it_and_once_among_those_of_its_size() {
        counter.ran(new BatchRecord(5, 3, 4, Reason.FULL, 20, 33, 7, 100, 2));
        counter.ran(new BatchRecord(9, 1, 1, Reason.NOTHING_ELSE, 0, 0, 0, 50, 0));

        ModelStatistics now = counter.snapshot(9, 0);
        assertThat(now.rows()).isEqualTo(5);
        assertThat(now.executions()).isEqualTo(2);
        assertThat(now.queue()).isEqualTo(new Total(4, 33));
        assertThat(now.computeInput()).isEqualTo(new Total(4, 21));
        assertThat(now.computeInfer()).isEqualTo(new Total(4, 350));
        assertThat(now.computeOutput()).isEqualTo(new Total(4, 6));
        assertThat(now.batchSizes())
                .containsExactly(
                        new BatchSize(1, new Total(1, 0), new Total(1, 50), new Total(1, 0)),
                        new BatchSize(4, new Total(1, 7), new Total(1, 100), new Total(1, 2)));
    }

    @Test
    void a_cached_answer_was_queued_and_is_no_inference() {
        counter.cacheMiss(11);
        counter.ran(new BatchRecord(5, 1, 2, Reason.NOTHING_ELSE, 0, 3, 0, 50, 0));
        counter.cacheHit(4);

        ModelStatistics now = counter.snapshot(9, 0);
        assertThat(now.rows()).isEqualTo(2);
        assertThat(now.executions()).isEqualTo(1);
        assertThat(now.queue()).isEqualTo(new Total(2, 3));
        assertThat(now.computeInfer()).isEqualTo(new Total(1, 50));
        assertThat(now.cacheHit()).isEqualTo(new Total(1, 4));
        assertThat(now.cacheMiss()).isEqualTo(new Total(1, 11));
    }

    @Test
    void however_many_sizes_clients_choose_some_are_told_apart_and_all_count() {
        int sizes = 10 * StatisticsCounter.MAX_SIZES;
        for (int rows = 1; rows <= sizes; rows++) {
            counter.ran(new BatchRecord(0, 1, rows, Reason.NOTHING_ELSE, 0, 0, 0, 1, 0));
        }
        counter.ran(new BatchRecord(0, 1, 7, Reason.NOTHING_ELSE, 0, 0, 0, 1, 0));

        ModelStatistics now = counter.snapshot(9, 0);
        assertThat(now.batchSizes()).hasSize(StatisticsCounter.MAX_SIZES);
        assertThat(now.batchSizes().get(6).computeInfer()).isEqualTo(new Total(2, 2));
        assertThat(now.executions()).isEqualTo(sizes + 1);
        assertThat(now.rows()).isEqualTo((long) sizes * (sizes + 1) / 2 + 7);
    }
}
