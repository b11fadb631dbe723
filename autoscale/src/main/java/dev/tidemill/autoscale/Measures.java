package dev.tidemill.autoscale;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What is known of one target at one moment. What could not be read is not in it, which is not
/// zero.
///
/// @param named measures of others, by the name of their source
public record Measures(Map<Signal, Double> values, Map<String, Double> named) {
    public static final Measures NONE = new Measures(Map.of(), Map.of());

    private static final Set<Signal> WAITING = Set.of(Signal.WAITING, Signal.QUEUE_DEPTH);

    public Measures {
        values = Map.copyOf(values);
        named = Map.copyOf(named);
    }

    public static Measures of(Map<Signal, Double> values) {
        return new Measures(values, Map.of());
    }

    public static Measures of(String name, double value) {
        return new Measures(Map.of(), Map.of(name, value));
    }

    /// Both; where both know a measure, this one's counts. What waits adds up: some of it waits at
    /// the gateway, some at a server.
    public Measures and(Measures other) {
        Map<Signal, Double> all = new EnumMap<>(Signal.class);
        all.putAll(other.values);
        values.forEach((signal, value) ->
                all.merge(signal, value, WAITING.contains(signal) ? Double::sum : (_, own) -> own));
        Map<String, Double> names = new LinkedHashMap<>(other.named);
        names.putAll(named);
        return new Measures(all, names);
    }

    /// The same without what waits: a part of it is no measure of the whole.
    public Measures withoutWaiting() {
        Map<Signal, Double> rest = new EnumMap<>(Signal.class);
        rest.putAll(values);
        rest.keySet().removeAll(WAITING);
        return new Measures(rest, named);
    }

    /// @return not-a-number when it is not known
    public double get(Signal signal) {
        return values.getOrDefault(signal, Double.NaN);
    }

    Signals at(long atMillis, int ordered, int ready) {
        Signals.Builder signals = Signals.at(atMillis, ordered, ready);
        values.forEach(signals::with);
        named.forEach(signals::with);
        return signals.build();
    }
}
