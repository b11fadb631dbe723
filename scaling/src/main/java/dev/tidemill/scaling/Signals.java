package dev.tidemill.scaling;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// What was seen of a target at one moment. What could not be read is absent, which is not zero: an
/// absent signal reads as not-a-number, and every policy states what it does then.
@SuppressWarnings("EnumOrdinal") // an array by constant: millions of these are made in a rehearsal
public final class Signals {
    private final long atMillis;
    private final int ordered;
    private final int ready;
    private final double[] values;
    private final Map<String, Double> named;

    private Signals(Builder builder) {
        this.atMillis = builder.atMillis;
        this.ordered = builder.ordered;
        this.ready = builder.ready;
        this.values = builder.values;
        this.named = builder.named;
    }

    /// @param atMillis milliseconds since the epoch, never going back within one session
    /// @param ordered replicas that are ordered
    /// @param ready replicas that serve
    public static Builder at(long atMillis, int ordered, int ready) {
        return new Builder(atMillis, ordered, ready);
    }

    public long atMillis() {
        return atMillis;
    }

    public int ordered() {
        return ordered;
    }

    public int ready() {
        return ready;
    }

    /// Replicas that are ordered and do not serve yet.
    public int starting() {
        return Math.max(0, ordered - ready);
    }

    /// @return not-a-number when absent
    public double get(Signal signal) {
        return values[signal.ordinal()];
    }

    public boolean has(Signal signal) {
        return !Double.isNaN(values[signal.ordinal()]);
    }

    /// A signal with a name of its own, of Prometheus or a KEDA trigger.
    ///
    /// @return not-a-number when absent
    public double named(String name) {
        return named.getOrDefault(name, Double.NaN);
    }

    /// All that is present, by label, for a record of the decision.
    public Map<String, Double> present() {
        Map<String, Double> present = new LinkedHashMap<>();
        for (Signal signal : Signal.values()) {
            if (has(signal)) {
                present.put(signal.label(), get(signal));
            }
        }
        present.putAll(named);
        return present;
    }

    @Override
    public String toString() {
        return "Signals[at=%d, ordered=%d, ready=%d, %s]"
                .formatted(atMillis, ordered, ready, present());
    }

    /// Collects the signals of one moment; used once.
    public static final class Builder {
        private final long atMillis;
        private final int ordered;
        private final int ready;
        private final double[] values = new double[Signal.COUNT];
        private Map<String, Double> named = Map.of();

        private Builder(long atMillis, int ordered, int ready) {
            if (ordered < 0 || ready < 0) {
                throw new IllegalArgumentException(
                        "replicas: '%d ordered, %d ready' (expected: >= 0)"
                                .formatted(ordered, ready));
            }
            this.atMillis = atMillis;
            this.ordered = ordered;
            this.ready = ready;
            Arrays.fill(values, Double.NaN);
        }

        /// @param value not-a-number when it could not be read; negative and infinite values are
        ///   taken for unreadable too, since none of the signals can have them
        public Builder with(Signal signal, double value) {
            values[signal.ordinal()] =
                    value >= 0 && value < Double.POSITIVE_INFINITY ? value : Double.NaN;
            return this;
        }

        public Builder with(String name, double value) {
            if (named.isEmpty()) {
                named = new LinkedHashMap<>();
            }
            named.put(name, value);
            return this;
        }

        public Signals build() {
            return new Signals(this);
        }
    }
}
