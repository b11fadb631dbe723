package dev.tidemill.sources.kafka;

import dev.tidemill.sources.kafka.LagCount.Offsets;
import dev.tidemill.spec.scaling.KafkaLag;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/// One look at the brokers: all partitions or nothing, within a time.
final class LagReader {
    private final Admin admin;
    private final LongSupplier nanos;
    private final long until;

    /// @param limitMillis for all requests together
    LagReader(Admin admin, LongSupplier nanos, int limitMillis) {
        this.admin = admin;
        this.nanos = nanos;
        this.until = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
    }

    Map<TopicPartition, Offsets> read(KafkaLag asked)
            throws ExecutionException, TimeoutException, InterruptedException {
        KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> commits =
                admin.listConsumerGroupOffsets(
                                asked.group(),
                                new ListConsumerGroupOffsetsOptions().timeoutMs(left()))
                        .partitionsToOffsetAndMetadata();
        Collection<TopicDescription> topics;
        if (asked.topic().isPresent()) {
            topics = topics(List.of(asked.topic().get()));
        } else {
            topics =
                    topics(
                            got(commits).keySet().stream()
                                    .map(TopicPartition::topic)
                                    .collect(Collectors.toSet()));
        }
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicDescription topic : topics) {
            topic.partitions().stream()
                    .filter(one -> asked.partitions().contains(one.partition()))
                    .forEach(one ->
                            ends.put(
                                    new TopicPartition(topic.name(), one.partition()),
                                    OffsetSpec.latest()));
        }
        var ended = got(admin.listOffsets(ends, new ListOffsetsOptions().timeoutMs(left())).all());
        Map<TopicPartition, OffsetAndMetadata> committed = got(commits);
        Map<TopicPartition, Offsets> read = new HashMap<>();
        ended.forEach((partition, end) -> {
            OffsetAndMetadata commit = committed.get(partition);
            read.put(
                    partition,
                    new Offsets(
                            end.offset(),
                            commit == null
                                    ? OptionalLong.empty()
                                    : OptionalLong.of(commit.offset())));
        });
        return read;
    }

    private Collection<TopicDescription> topics(Collection<String> names)
            throws ExecutionException, TimeoutException, InterruptedException {
        return got(admin.describeTopics(names, new DescribeTopicsOptions().timeoutMs(left()))
                        .allTopicNames())
                .values();
    }

    private <T> T got(KafkaFuture<T> future)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(left(), TimeUnit.MILLISECONDS);
    }

    private int left() {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - nanos.getAsLong()));
    }
}
