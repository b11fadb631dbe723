package dev.tidemill.sources.kafka;

import dev.tidemill.spec.scaling.KafkaLag;
import dev.tidemill.spec.scaling.KafkaLag.Bound;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/// What of the partitions' offsets is the lag, as KEDA's scaler for Kafka counts it
/// (`keda.sh/docs/2.17/scalers/apache-kafka`). Not thread-safe.
final class LagCount {
    private final KafkaLag asked;
    private final Map<TopicPartition, Stay> stays = new HashMap<>();

    LagCount(KafkaLag asked) {
        this.asked = asked;
    }

    /// @param end the offset of the next message
    /// @param committed empty where the group has committed nothing
    record Offsets(long end, OptionalLong committed) {}

    /// @param lag without what is left out, and bounded
    /// @param whole neither
    record Sum(double lag, double whole) {}

    /// Since when an offset has been where it is.
    private record Stay(long committed, long sinceNanos) {}

    Sum of(Map<TopicPartition, Offsets> partitions, long nowNanos) {
        double lag = 0;
        double whole = 0;
        int behind = 0;
        for (Map.Entry<TopicPartition, Offsets> one : partitions.entrySet()) {
            Offsets offsets = one.getValue();
            long each =
                    offsets.committed().isPresent()
                            ? Math.max(0, offsets.end() - offsets.committed().getAsLong())
                            : asked.reset().lag(offsets.end());
            whole += each;
            boolean counts = !isStuck(one.getKey(), offsets, nowNanos);
            lag += counts ? each : 0;
            behind += counts && each > 0 ? 1 : 0;
        }
        stays.keySet().retainAll(partitions.keySet());
        int most = behind;
        double counted = lag;
        double bounded =
                asked.bound()
                        .map(bound ->
                                bounded(
                                        bound,
                                        counted,
                                        partitions.size(),
                                        bound.withLag() ? most : partitions.size()))
                        .orElse(counted);
        return new Sum(bounded, whole);
    }

    private boolean isStuck(TopicPartition partition, Offsets offsets, long nowNanos) {
        if (asked.stuckAfter().isEmpty() || offsets.committed().isEmpty()) {
            return false;
        }
        long committed = offsets.committed().getAsLong();
        Stay stay = stays.get(partition);
        if (stay == null || stay.committed != committed) {
            stays.put(partition, new Stay(committed, nowNanos));
            return false;
        }
        Duration after = asked.stuckAfter().get();
        return nowNanos - stay.sinceNanos >= after.toNanos();
    }

    private static double bounded(Bound bound, double lag, int partitions, int most) {
        double even = bound.even() ? divisor(partitions, lag / bound.each()) * bound.each() : lag;
        return Math.floor(even / bound.each()) > most ? most * bound.each() : even;
    }

    /// The least number that divides that of the partitions and is no less than what is wanted.
    private static int divisor(int partitions, double wanted) {
        for (int count = 1; count < partitions; count++) {
            if (partitions % count == 0 && count >= wanted) {
                return count;
            }
        }
        return partitions;
    }
}
