package dev.tidemill.autoscale;

import dev.tidemill.client.gateway.TrafficCounters;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Reads several gateways in front of the same pools, and adds up what they saw. Where one of them
/// does not answer nothing is known: what the others saw is not all, and would look like less load.
/// One thread calls it.
public final class GatewaysMeter implements SignalSource {
    private final Supplier<Map<String, Supplier<TrafficCounters>>> gateways;
    private final ToDoubleFunction<String> lateAfterSeconds;
    private final Map<String, TrafficMeter> meters = new HashMap<>();
    private Map<String, Traffic> traffic = Map.of();

    /// @param gateways that there are now, by a name of their own
    /// @param lateAfterSeconds of a pool: a request that takes longer is late
    public GatewaysMeter(
            Supplier<Map<String, Supplier<TrafficCounters>>> gateways,
            ToDoubleFunction<String> lateAfterSeconds) {
        this.gateways = gateways;
        this.lateAfterSeconds = lateAfterSeconds;
    }

    @Override
    public String name() {
        return "gateways";
    }

    @Override
    public Map<String, Measures> read() {
        Map<String, Supplier<TrafficCounters>> now = gateways.get();
        meters.keySet().retainAll(now.keySet());
        now.forEach((name, source) ->
                meters.computeIfAbsent(name, _ -> new TrafficMeter(source, lateAfterSeconds)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            meters.values().forEach(meter -> threads.execute(meter::read));
        }
        traffic = sum();
        Map<String, Measures> measures = new HashMap<>();
        traffic.forEach((pool, seen) -> measures.put(pool, seen.measures()));
        return measures;
    }

    /// Of the last reading, by pool.
    public Map<String, Traffic> traffic() {
        return traffic;
    }

    private Map<String, Traffic> sum() {
        Set<String> pools = new HashSet<>();
        meters.values().forEach(meter -> pools.addAll(meter.traffic().keySet()));
        Map<String, Traffic> all = new HashMap<>();
        for (String pool : pools) {
            if (meters.values().stream().allMatch(meter -> meter.traffic().containsKey(pool))) {
                meters.values().stream()
                        .map(meter -> meter.traffic().get(pool))
                        .reduce(GatewaysMeter::sum)
                        .ifPresent(seen -> all.put(pool, seen));
            }
        }
        return all;
    }

    private static Traffic sum(Traffic one, Traffic other) {
        return new Traffic(
                one.requestsPerSecond() + other.requestsPerSecond(),
                one.failuresPerSecond() + other.failuresPerSecond(),
                one.arrivalsPerSecond() + other.arrivalsPerSecond(),
                one.concurrency() + other.concurrency(),
                one.waiting() + other.waiting(),
                longer(one.p99(), other.p99()),
                late(one, other));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /// Of all requests that finished, at whichever gateway.
    private static double late(Traffic one, Traffic other) {
        if (Double.isNaN(one.late()) || Double.isNaN(other.late())) {
            return Double.isNaN(one.late()) ? other.late() : one.late();
        }
        double finished = one.requestsPerSecond() + other.requestsPerSecond();
        return finished == 0
                ? Math.max(one.late(), other.late())
                : (one.late() * one.requestsPerSecond() + other.late() * other.requestsPerSecond())
                        / finished;
    }
}
