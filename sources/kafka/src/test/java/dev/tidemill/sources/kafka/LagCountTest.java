package dev.tidemill.sources.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.sources.kafka.LagCount.Offsets;
import dev.tidemill.sources.kafka.LagCount.Sum;
import dev.tidemill.spec.scaling.KafkaLag;
import dev.tidemill.spec.scaling.KafkaLag.Access;
import dev.tidemill.spec.scaling.KafkaLag.Bound;
import dev.tidemill.spec.scaling.KafkaLag.Reset;
import dev.tidemill.spec.scaling.PartitionRanges;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class LagCountTest {
    private final Map<TopicPartition, Offsets> seen = new HashMap<>();

    @Test
    void the_lag_is_what_each_partition_is_behind_summed() {
        partition(0, 100, 40);
        partition(1, 7, 7);
        assertThat(count(plain(Reset.LATEST))).isEqualTo(new Sum(60, 60));
    }

    @Test
    void a_commit_beyond_the_end_makes_up_for_no_other_partition() {
        partition(0, 100, 40);
        partition(1, 7, 1000);
        assertThat(count(plain(Reset.LATEST)).lag()).isEqualTo(60);
    }

    @Test
    void a_partition_without_a_commit_counts_as_its_group_will_begin() {
        partition(0, 100, -1);
        assertThat(count(plain(Reset.LATEST)).lag()).isEqualTo(1);
        assertThat(count(plain(Reset.EARLIEST)).lag()).isEqualTo(100);
        assertThat(count(plain(Reset.LATEST_ZERO)).lag()).isZero();
    }

    @Test
    void no_more_replicas_are_asked_for_than_there_are_partitions() {
        partition(0, 500, 0);
        partition(1, 500, 0);
        partition(2, 0, 0);
        assertThat(count(bounded(new Bound(10, false, false)))).isEqualTo(new Sum(30, 1000));
        assertThat(count(bounded(new Bound(10, true, false))).lag()).isEqualTo(20);
        assertThat(count(bounded(new Bound(400, false, false))).lag()).isEqualTo(1000);
    }

    @Test
    void as_many_replicas_as_divide_the_partitions_where_that_is_asked() {
        for (int i = 0; i < 10; i++) {
            partition(i, 3, 0);
        }
        assertThat(count(bounded(new Bound(10, false, true))).lag()).isEqualTo(50);
        assertThat(count(bounded(new Bound(1, false, true))).lag()).isEqualTo(10);
    }

    @Test
    void a_partition_that_moves_no_more_is_left_out_and_stays_a_reason_to_be_awake() {
        LagCount count =
                new LagCount(
                        new KafkaLag(
                                "k:9092",
                                "g",
                                Optional.of("t"),
                                PartitionRanges.ALL,
                                Reset.LATEST,
                                Optional.of(Duration.ofSeconds(30)),
                                Optional.empty(),
                                Access.PLAIN));
        partition(0, 100, 40);
        partition(1, 100, 90);
        assertThat(count.of(seen, 0)).isEqualTo(new Sum(70, 70));
        partition(1, 100, 95);
        assertThat(count.of(seen, seconds(29))).isEqualTo(new Sum(65, 65));
        assertThat(count.of(seen, seconds(30))).isEqualTo(new Sum(5, 65));
        partition(0, 100, 41);
        assertThat(count.of(seen, seconds(31))).isEqualTo(new Sum(64, 64));
    }

    private Sum count(KafkaLag asked) {
        return new LagCount(asked).of(seen, 0);
    }

    private void partition(int number, long end, long committed) {
        seen.put(
                new TopicPartition("t", number),
                new Offsets(
                        end, committed < 0 ? OptionalLong.empty() : OptionalLong.of(committed)));
    }

    private static long seconds(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private static KafkaLag plain(Reset reset) {
        return lag(reset, Optional.empty());
    }

    private static KafkaLag bounded(Bound bound) {
        return lag(Reset.LATEST, Optional.of(bound));
    }

    private static KafkaLag lag(Reset reset, Optional<Bound> bound) {
        return new KafkaLag(
                "k:9092",
                "g",
                Optional.of("t"),
                PartitionRanges.ALL,
                reset,
                Optional.empty(),
                bound,
                Access.PLAIN);
    }
}
