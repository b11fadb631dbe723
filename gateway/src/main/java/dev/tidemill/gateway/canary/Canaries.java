package dev.tidemill.gateway.canary;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.PeriodicLook;
import dev.tidemill.routing.canary.CanaryRule;
import dev.tidemill.routing.canary.LatencyGate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Every route's rollout, kept over configurations: it goes on as long as the route has the same
/// name, the same `canary` and the same new version, and begins anew otherwise. Nothing of it
/// outlives the process. Thread-safe.
public final class Canaries implements AutoCloseable {
    private static final long PERIOD_NANOS = 500_000_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Metrics metrics;
    private final LongSupplier nanos;
    private final PeriodicLook looks;
    private final Map<Identity, LiveCanary> known = new ConcurrentHashMap<>();

    /// Those of the current configuration, by route.
    private volatile Map<String, LiveCanary> current = Map.of();

    private final Set<String> shown = ConcurrentHashMap.newKeySet();

    /// @param nanos monotonic clock
    public Canaries(Metrics metrics, LongSupplier nanos) {
        this.metrics = metrics;
        this.nanos = nanos;
        this.looks = new PeriodicLook("canary-watch", PERIOD_NANOS, this::look);
    }

    public void start() {
        looks.start();
    }

    /// The rollout of a route in a configuration that may become the current one.
    public LiveCanary of(GatewayRules.RouteRule route, TrafficRules.Canary canary) {
        return known.computeIfAbsent(
                new Identity(route.name(), canary, route.upstreams().getLast()),
                _ -> new LiveCanary(route.name(), rule(canary), metrics, nanos.getAsLong()));
    }

    /// Those of the configuration that is now the current one; others are forgotten.
    public void keep(Collection<LiveCanary> live) {
        known.values().removeIf(canary -> !live.contains(canary));
        Map<String, LiveCanary> byRoute = new ConcurrentHashMap<>();
        live.forEach(canary -> byRoute.put(canary.route(), canary));
        current = byRoute;
        for (String route : byRoute.keySet()) {
            if (shown.add(route)) {
                metrics.gauge(GatewayMetrics.CANARY_SHARE, () -> share(route), route);
            }
        }
    }

    /// Decides anew for each of them.
    public void look() {
        long now = nanos.getAsLong();
        current.values().forEach(canary -> canary.look(now));
    }

    @Override
    public void close() {
        looks.close();
    }

    List<LiveCanary.Report> reports() {
        long now = nanos.getAsLong();
        return current.values().stream()
                .map(canary -> canary.report(now))
                .sorted(java.util.Comparator.comparing(LiveCanary.Report::route))
                .toList();
    }

    LiveCanary.Report order(String route, LiveCanary.Order order) {
        LiveCanary canary = current.get(route);
        if (canary == null) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "route: '%s' (expected: one that has a canary)".formatted(route));
        }
        long now = nanos.getAsLong();
        canary.order(order, now);
        return canary.report(now);
    }

    private double share(String route) {
        LiveCanary canary = current.get(route);
        return canary == null ? Double.NaN : canary.step().share();
    }

    private static CanaryRule rule(TrafficRules.Canary canary) {
        return new CanaryRule(
                canary.steps().stream().map(percent -> percent / 100).toList(),
                (long) (canary.everyMillis() * NANOS_PER_MILLI),
                (long) (canary.timeoutMillis() * NANOS_PER_MILLI),
                canary.rollbackWhenLate() ? CanaryRule.WhenLate.ROLLBACK : CanaryRule.WhenLate.HOLD,
                new CanaryRule.Gates(
                        canary.errorPercent() / 100,
                        canary.p95().map(Canaries::gate),
                        canary.p99().map(Canaries::gate),
                        canary.minRequests(),
                        canary.confidencePercent() / 100));
    }

    private static LatencyGate gate(TrafficRules.Latency latency) {
        Optional<LatencyGate> factor = latency.times().map(LatencyGate.Factor::new);
        return factor.orElseGet(() ->
                new LatencyGate.Absolute((long) (latency.millis().orElse(1L) * NANOS_PER_MILLI)));
    }

    /// What makes a rollout the same one in two configurations. Other upstreams may come, go and
    /// change their weights.
    private record Identity(
            String route, TrafficRules.Canary rule, GatewayRules.Upstream newVersion) {}
}
