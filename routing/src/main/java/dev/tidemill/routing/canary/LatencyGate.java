package dev.tidemill.routing.canary;

/// What a quantile of a new version's latency may be.
public sealed interface LatencyGate {
    /// So many times the stable version's.
    record Factor(double times) implements LatencyGate {
        public Factor {
            if (!(times >= 1 && times <= 1000)) {
                throw new IllegalArgumentException(
                        "latency gate: '%s times' (expected: 1 to 1000)".formatted(times));
            }
        }
    }

    record Absolute(long nanos) implements LatencyGate {
        public Absolute {
            if (nanos < 1) {
                throw new IllegalArgumentException(
                        "latency gate: '%d ns' (expected: at least 1)".formatted(nanos));
            }
        }
    }
}
