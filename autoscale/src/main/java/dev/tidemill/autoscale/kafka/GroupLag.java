package dev.tidemill.autoscale.kafka;

import dev.tidemill.autoscale.kafka.KafkaConnection.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// How many messages a consumer group is behind: of each partition that it has committed an offset
/// of, the end less that offset. All of it or nothing: a part would look like less work. One thread
/// asks.
public final class GroupLag implements AutoCloseable {
    private static final int READ_UNCOMMITTED = 0;
    private static final int ANY_REPLICA = -1;
    private static final long LATEST = -1;
    private static final int GROUP = 0;
    private static final int ALL = -1;

    private final List<KafkaAddress> bootstrap;
    private final boolean tls;
    private final String group;
    private final Set<String> topics;
    private final Map<KafkaAddress, KafkaConnection> open = new HashMap<>();

    /// @param bootstrap brokers, of which one is enough
    /// @param topics that count; all that the group reads when there are none
    public GroupLag(List<KafkaAddress> bootstrap, boolean tls, String group, Set<String> topics) {
        this.bootstrap = List.copyOf(bootstrap);
        this.tls = tls;
        this.group = group;
        this.topics = Set.copyOf(topics);
    }

    private record Partition(String topic, int number) {}

    private record Leader(Partition partition, KafkaAddress broker) {}

    /// @return empty where the group has committed nothing, so that nothing is known
    /// @throws IOException when a broker does not answer in time, or refuses
    public OptionalLong read(long limitMillis) throws IOException {
        Deadline deadline = Deadline.in(limitMillis);
        try {
            KafkaAddress coordinator = coordinator(deadline);
            Map<Partition, Long> committed = committed(coordinator, deadline);
            if (committed.isEmpty()) {
                return OptionalLong.empty();
            }
            Map<Partition, Long> ends = ends(leaders(committed.keySet(), deadline), deadline);
            long lag = 0;
            for (Map.Entry<Partition, Long> one : committed.entrySet()) {
                Long end = ends.get(one.getKey());
                if (end == null) {
                    throw new IOException("no end of " + one.getKey());
                }
                lag += Math.max(0, end - one.getValue());
            }
            return OptionalLong.of(lag);
        } catch (IOException e) {
            // Whoever failed may be another's peer by now.
            close();
            throw e;
        }
    }

    private KafkaAddress coordinator(Deadline deadline) throws IOException {
        KafkaAnswer answer =
                any(deadline)
                        .ask(
                                KafkaApi.FIND_COORDINATOR,
                                deadline,
                                request -> request.text(group).int8(GROUP));
        answer.int32(); // throttled
        answer.checkError();
        answer.text(); // message
        answer.int32(); // node
        return new KafkaAddress(answer.text(), answer.int32());
    }

    private Map<Partition, Long> committed(KafkaAddress coordinator, Deadline deadline)
            throws IOException {
        KafkaAnswer answer =
                to(coordinator, deadline)
                        .ask(
                                KafkaApi.OFFSET_FETCH,
                                deadline,
                                request -> request.text(group).int32(ALL));
        Map<Partition, Long> committed = new LinkedHashMap<>();
        answer.list(() -> {
            String topic = answer.text();
            return answer.list(() -> {
                Partition partition = new Partition(topic, answer.int32());
                long offset = answer.int64();
                answer.text(); // metadata
                answer.checkError();
                if (offset >= 0 && (topics.isEmpty() || topics.contains(topic))) {
                    committed.put(partition, offset);
                }
                return partition;
            });
        });
        answer.checkError();
        return committed;
    }

    private List<Leader> leaders(Set<Partition> partitions, Deadline deadline) throws IOException {
        List<String> names = partitions.stream().map(Partition::topic).distinct().toList();
        KafkaAnswer answer =
                any(deadline)
                        .ask(
                                KafkaApi.METADATA,
                                deadline,
                                request -> {
                                    request.int32(names.size());
                                    names.forEach(request::text);
                                    request.int8(0); // none is made by asking
                                });
        answer.int32(); // throttled
        Map<Integer, KafkaAddress> brokers = new HashMap<>();
        answer.list(() -> {
            int node = answer.int32();
            KafkaAddress address = new KafkaAddress(answer.text(), answer.int32());
            answer.text(); // rack
            brokers.put(node, address);
            return address;
        });
        answer.text(); // cluster
        answer.int32(); // controller
        List<Leader> leaders = new ArrayList<>();
        answer.list(() -> {
            answer.checkError();
            String topic = answer.text();
            answer.int8(); // internal
            return answer.list(() -> {
                answer.int16(); // of replicas that are away; without a leader there is none
                Partition partition = new Partition(topic, answer.int32());
                KafkaAddress leader = brokers.get(answer.int32());
                answer.list(answer::int32);
                answer.list(answer::int32);
                if (partitions.contains(partition)) {
                    if (leader == null) {
                        throw new IOException("nobody leads " + partition);
                    }
                    leaders.add(new Leader(partition, leader));
                }
                return partition;
            });
        });
        return leaders;
    }

    private Map<Partition, Long> ends(List<Leader> leaders, Deadline deadline) throws IOException {
        Map<KafkaAddress, Map<String, List<Integer>>> byBroker = new LinkedHashMap<>();
        for (Leader leader : leaders) {
            byBroker.computeIfAbsent(leader.broker(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(leader.partition().topic(), _ -> new ArrayList<>())
                    .add(leader.partition().number());
        }
        Map<Partition, Long> ends = new HashMap<>();
        for (Map.Entry<KafkaAddress, Map<String, List<Integer>>> one : byBroker.entrySet()) {
            KafkaAnswer answer =
                    to(one.getKey(), deadline)
                            .ask(
                                    KafkaApi.LIST_OFFSETS,
                                    deadline,
                                    request -> asked(request, one.getValue()));
            answer.int32(); // throttled
            answer.list(() -> {
                String topic = answer.text();
                return answer.list(() -> {
                    Partition partition = new Partition(topic, answer.int32());
                    answer.checkError();
                    answer.int64(); // time
                    ends.put(partition, answer.int64());
                    return partition;
                });
            });
        }
        return ends;
    }

    private static void asked(KafkaRequest request, Map<String, List<Integer>> partitions) {
        request.int32(ANY_REPLICA).int8(READ_UNCOMMITTED).int32(partitions.size());
        partitions.forEach((topic, numbers) -> {
            request.text(topic).int32(numbers.size());
            numbers.forEach(number -> request.int32(number).int64(LATEST));
        });
    }

    /// One that is open, or the first that opens.
    private KafkaConnection any(Deadline deadline) throws IOException {
        if (!open.isEmpty()) {
            return open.values().iterator().next();
        }
        IOException failure = new IOException("no broker is named");
        for (KafkaAddress address : bootstrap) {
            try {
                return to(address, deadline);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private KafkaConnection to(KafkaAddress address, Deadline deadline) throws IOException {
        KafkaConnection there = open.get(address);
        if (there != null) {
            return there;
        }
        KafkaConnection made = KafkaConnection.open(address, tls, deadline);
        open.put(address, made);
        return made;
    }

    /// The next reading opens others.
    @Override
    public void close() {
        open.values().forEach(KafkaConnection::close);
        open.clear();
    }
}
