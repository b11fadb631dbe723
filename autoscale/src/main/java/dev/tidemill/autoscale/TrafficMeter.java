package dev.tidemill.autoscale;

import dev.tidemill.client.gateway.TrafficCounters;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Reads a gateway's counters at intervals and keeps what happened since the reading before. One
/// thread calls [#read]; any may ask for [#traffic].
public final class TrafficMeter implements SignalSource {
    private static final System.Logger LOG = System.getLogger(TrafficMeter.class.getName());

    private final Supplier<TrafficCounters> source;
    private final ToDoubleFunction<String> lateAfterSeconds;
    private Optional<TrafficCounters> before = Optional.empty();
    private volatile Map<String, Traffic> traffic = Map.of();

    /// @param source may throw when the gateway does not answer; that reading is then missing
    /// @param lateAfterSeconds of a pool: a request that takes longer is late
    public TrafficMeter(
            Supplier<TrafficCounters> source, ToDoubleFunction<String> lateAfterSeconds) {
        this.source = source;
        this.lateAfterSeconds = lateAfterSeconds;
    }

    @Override
    public String name() {
        return "gateway";
    }

    /// Traffic by pool since the last call. Empty when there is no answer, at the first call, and
    /// after the gateway was restarted.
    @Override
    public Map<String, Measures> read() {
        traffic = next();
        Map<String, Measures> measures = new HashMap<>();
        traffic.forEach((pool, seen) -> measures.put(pool, seen.measures()));
        return measures;
    }

    /// Of the last reading, by pool.
    public Map<String, Traffic> traffic() {
        return traffic;
    }

    private Map<String, Traffic> next() {
        TrafficCounters now;
        try {
            now = source.get();
        } catch (RuntimeException e) {
            // Whatever it was: the policies are told that nothing was seen, and go on.
            LOG.log(System.Logger.Level.DEBUG, "gateway", e);
            before = Optional.empty();
            return Map.of();
        }
        Map<String, Traffic> between =
                before.map(old -> TrafficDelta.between(old, now, lateAfterSeconds))
                        .orElse(Map.of());
        before = Optional.of(now);
        return between;
    }
}
