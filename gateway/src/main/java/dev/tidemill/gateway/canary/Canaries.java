package dev.tidemill.gateway.canary;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Json;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.PeriodicLook;
import dev.tidemill.routing.canary.CanaryRule;
import dev.tidemill.routing.canary.CanaryState;
import dev.tidemill.routing.canary.LatencyGate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Every route's rollout, kept over configurations: it goes on as long as the route has the same
/// name, the same `canary` and the same new version, and begins anew otherwise. Where there is a
/// [CanaryKeeping], it also goes on when the process has ended and begins again. Thread-safe.
public final class Canaries implements AutoCloseable {
    private static final long PERIOD_NANOS = 500_000_000;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String RESUMED = "the gateway has begun again, where it was";

    private final Metrics metrics;
    private final LongSupplier nanos;
    private final CanaryMemory memory;
    private final PeriodicLook looks;
    private final Map<Identity, LiveCanary> known = new ConcurrentHashMap<>();

    /// Those of the current configuration, by route.
    private volatile Map<String, LiveCanary> current = Map.of();

    private final Set<String> shown = ConcurrentHashMap.newKeySet();

    /// Rollouts of which nothing outlives the process.
    public Canaries(Metrics metrics, LongSupplier nanos) {
        this(metrics, nanos, InstantSource.system(), null);
    }

    /// @param nanos monotonic clock
    /// @param clock the time of day
    /// @param keeping where they are kept; null for nowhere
    public Canaries(
            Metrics metrics,
            LongSupplier nanos,
            InstantSource clock,
            @Nullable CanaryKeeping keeping) {
        this.metrics = metrics;
        this.nanos = nanos;
        this.memory = new CanaryMemory(keeping, nanos, clock);
        memory.ask();
        this.looks = new PeriodicLook("canary-watch", PERIOD_NANOS, this::look);
    }

    public void start() {
        looks.start();
    }

    /// The rollout of a route in a configuration that may become the current one.
    public LiveCanary of(GatewayRules.RouteRule route, TrafficRules.Canary canary) {
        return known.computeIfAbsent(
                new Identity(route.name(), canary, route.upstreams().getLast()),
                identity -> begin(identity, rule(canary)));
    }

    private LiveCanary begin(Identity identity, CanaryRule rule) {
        Standing kept = memory.take(identity.digest());
        return kept == null
                ? new LiveCanary(
                        identity.route(),
                        rule,
                        metrics,
                        CanaryState.begin(nanos.getAsLong()),
                        "the rollout has begun")
                : new LiveCanary(identity.route(), rule, metrics, kept.state(), resumed(kept));
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

    /// Decides anew for each of them, once it is known how far they were.
    public void look() {
        if (!memory.isSettled()) {
            if (!memory.ask()) {
                return;
            }
            known.forEach((identity, canary) -> {
                Standing kept = memory.take(identity.digest());
                if (kept != null) {
                    canary.resume(kept.state(), resumed(kept));
                }
            });
        }
        long now = nanos.getAsLong();
        Map<String, Standing> news = memory.news();
        known.forEach((identity, canary) -> {
            Standing others = news.get(identity.digest());
            if (others != null) {
                canary.hear(others, now);
            }
        });
        current.values().forEach(canary -> canary.look(now));
        save();
    }

    /// Writes down how far they are, where that has changed.
    private void save() {
        Map<String, Standing> standings = new HashMap<>();
        known.forEach((identity, canary) -> standings.put(identity.digest(), canary.standing()));
        memory.keep(standings);
    }

    private static String resumed(Standing kept) {
        return kept.reason().isEmpty() || kept.state().phase() == CanaryState.Phase.STEPPING
                ? RESUMED
                : kept.reason();
    }

    @Override
    public void close() {
        looks.close();
        save();
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
        save();
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
            String route, TrafficRules.Canary rule, GatewayRules.Upstream newVersion) {
        /// The same in every process.
        String digest() {
            return Digest.of(Json.bytes(this)).value();
        }
    }
}
