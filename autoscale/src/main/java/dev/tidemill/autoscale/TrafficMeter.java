package dev.tidemill.autoscale;

import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.common.TidemillException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads a gateway's counters at intervals and keeps what happened since the reading before. One
/// thread calls [#read].
public final class TrafficMeter {
    private final Supplier<TrafficCounters> source;
    private Optional<TrafficCounters> before = Optional.empty();

    /// @param source may throw when the gateway does not answer; that reading is then missing
    public TrafficMeter(Supplier<TrafficCounters> source) {
        this.source = source;
    }

    /// Traffic by pool since the last call. Empty when there is no answer, at the first call, and
    /// after the gateway was restarted.
    public Map<String, Traffic> read() {
        TrafficCounters now;
        try {
            now = source.get();
        } catch (TidemillException e) {
            before = Optional.empty();
            return Map.of();
        }
        Map<String, Traffic> traffic =
                before.map(old -> TrafficDelta.between(old, now)).orElse(Map.of());
        before = Optional.of(now);
        return traffic;
    }
}
