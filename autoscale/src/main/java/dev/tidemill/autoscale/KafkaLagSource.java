package dev.tidemill.autoscale;

import dev.tidemill.autoscale.kafka.GroupLag;
import dev.tidemill.scaling.Signal;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// How far a consumer group is behind, asked of Kafka itself. Brokers that are away, and a group
/// that has committed nothing yet, are no value, which is not zero.
public final class KafkaLagSource implements SignalSource {
    private static final System.Logger LOG = System.getLogger(KafkaLagSource.class.getName());
    private static final long TIMEOUT_MILLIS = 1_500;

    private final String name;
    private final GroupLag lag;
    private final Optional<Signal> signal;
    private final List<String> targets;
    private boolean silent;

    /// @param name by which policies call the value
    /// @param signal that it also is, for policies that go by signals
    public KafkaLagSource(
            String name, GroupLag lag, Optional<Signal> signal, List<String> targets) {
        this.name = name;
        this.lag = lag;
        this.signal = signal;
        this.targets = List.copyOf(targets);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<String, Measures> read() {
        OptionalLong behind;
        try {
            behind = lag.read(TIMEOUT_MILLIS);
            silent = false;
        } catch (IOException e) {
            // Said once: it is asked every few seconds, and may be away for hours.
            LOG.log(
                    silent ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "{0}: Kafka: {1}",
                    name,
                    e.getMessage());
            silent = true;
            return Map.of();
        }
        if (behind.isEmpty()) {
            return Map.of();
        }
        double value = behind.getAsLong();
        Map<Signal, Double> signals = new EnumMap<>(Signal.class);
        signal.ifPresent(of -> signals.put(of, value));
        Measures measures = new Measures(signals, Map.of(name, value));
        return targets.stream()
                .distinct()
                .collect(Collectors.toMap(target -> target, _ -> measures));
    }
}
