package dev.tidemill.autoscale;

import dev.tidemill.scaling.fleet.FleetPlan;
import dev.tidemill.scaling.fleet.FleetPlan.Wish;
import dev.tidemill.scaling.fleet.ReplicaKind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// A target whose replicas are of several kinds: GPU or CPU, spot or on demand. Policies count
/// replicas of the first kind; what that comes to is made up of the kinds that cost least. What is
/// dearer goes when what is cheaper serves, and a kind that is not to be had is done without for a
/// while. Confined to one thread, as its parts are.
public final class KindsTarget implements ScalingTarget {
    private static final double HOURS_TO_PAY_OFF = 1;
    private static final long LEAST_PATIENCE_NANOS = 120_000_000_000L;
    private static final int PATIENCE_STARTS = 3;
    private static final long WITHOUT_NANOS = 600_000_000_000L;

    private final String name;
    private final List<Part> parts;
    private final double spotShare;
    private final LongSupplier nanos;
    private final Map<String, Stock> stocks = new HashMap<>();
    private int ordered;
    private Optional<FleetPlan> planned = Optional.empty();
    private String reason = "";

    /// @param target of the replicas of that kind alone
    public record Part(ReplicaKind kind, ScalingTarget target) {}

    /// What is known of one kind's supply.
    ///
    /// @param ready replicas when it was looked at last
    /// @param sinceNanos since when it has fewer than were ordered
    /// @param backNanos when it is tried again; 0 while it can be had
    private record Stock(int ready, long sinceNanos, long backNanos) {}

    /// @param parts in the order of the file
    /// @param spotShare of the load that may rest on spot replicas
    /// @param nanos a monotonic clock
    public KindsTarget(String name, List<Part> parts, double spotShare, LongSupplier nanos) {
        this.name = name;
        this.parts = List.copyOf(parts);
        this.spotShare = spotShare;
        this.nanos = nanos;
        this.ordered = whole(capacity(running()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int replicas() {
        return ordered;
    }

    /// Never more than are asked for: what a kind has beside that is not the policy's to take.
    @Override
    public int ready() {
        double ready = 0;
        for (Part part : parts) {
            ready += part.target().ready() * part.kind().requestsPerSecond();
        }
        return Math.min(ordered, whole(ready));
    }

    /// The longest of the kinds that run: a policy has to wait for any of them.
    @Override
    public double startSeconds() {
        return parts.stream()
                .filter(part -> part.target().replicas() > 0)
                .mapToDouble(part -> part.target().startSeconds())
                .filter(Double::isFinite)
                .max()
                .orElse(Double.NaN);
    }

    @Override
    public Optional<FleetPlan> plan(int replicas) {
        Wish wish =
                new Wish(
                        replicas * parts.getFirst().kind().requestsPerSecond(),
                        spotShare,
                        HOURS_TO_PAY_OFF);
        List<ReplicaKind> there = parts.stream().map(this::asItCanBeHad).toList();
        FleetPlan plan = FleetPlan.cheapest(there, wish, running());
        // Where nothing else serves either, what does not come is waited for.
        return Optional.of(
                plan.enough()
                        ? plan
                        : FleetPlan.cheapest(
                                parts.stream().map(Part::kind).toList(), wish, running()));
    }

    @Override
    public void order(int replicas, String why) {
        ordered = replicas;
        reason = why;
        planned = plan(replicas);
        move();
    }

    /// Lets go what is not needed any more, orders again what was refused, and plans anew when a
    /// kind runs out or is back.
    @Override
    public void settle() {
        boolean other = false;
        for (Part part : parts) {
            other |= looked(part);
        }
        if (other || planned.isEmpty()) {
            FleetPlan plan = plan(ordered).orElseThrow();
            reason = plan.reason();
            planned = Optional.of(plan);
        }
        move();
    }

    /// More at once; fewer as soon as the rest serves what is asked for.
    private void move() {
        FleetPlan plan = planned.orElseThrow();
        double left = 0;
        double promised = 0;
        for (Part part : parts) {
            int wanted = plan.counts().getOrDefault(part.kind().name(), 0);
            if (wanted > part.target().replicas()) {
                part.target().order(wanted, reason);
            }
            left += Math.min(wanted, part.target().ready()) * part.kind().requestsPerSecond();
            promised += wanted * part.kind().requestsPerSecond();
        }
        double asked = ordered * parts.getFirst().kind().requestsPerSecond();
        boolean serves = left >= Math.min(asked, promised) - 1e-6;
        for (Part part : parts) {
            int wanted = plan.counts().getOrDefault(part.kind().name(), 0);
            // Those that are not ready serve nobody.
            int least = serves ? wanted : Math.max(wanted, part.target().ready());
            if (least < part.target().replicas()) {
                part.target().order(least, reason);
            }
        }
    }

    /// @return whether it has just run out, or may be tried again
    private boolean looked(Part part) {
        long now = nanos.getAsLong();
        String kind = part.kind().name();
        int ready = part.target().ready();
        Stock before = stocks.getOrDefault(kind, new Stock(ready, now, 0));
        if (before.backNanos() != 0) {
            boolean back = now - before.backNanos() >= 0;
            stocks.put(kind, new Stock(ready, now, back ? 0 : before.backNanos()));
            return back || ready < before.ready();
        }
        boolean waits = part.target().replicas() > ready;
        boolean goesOn = waits && ready <= before.ready();
        long since = goesOn ? before.sinceNanos() : now;
        boolean out = goesOn && now - since >= patience(part.kind());
        stocks.put(kind, new Stock(ready, since, out ? now + WITHOUT_NANOS : 0));
        return out;
    }

    private static long patience(ReplicaKind kind) {
        return Math.max(LEAST_PATIENCE_NANOS, PATIENCE_STARTS * kind.startUp().toNanos());
    }

    private ReplicaKind asItCanBeHad(Part part) {
        ReplicaKind kind = part.kind();
        Stock stock = stocks.get(kind.name());
        return stock == null || stock.backNanos() == 0
                ? kind
                : new ReplicaKind(
                        kind.name(),
                        kind.requestsPerSecond(),
                        kind.pricePerHour(),
                        kind.spot(),
                        kind.startUp(),
                        Math.min(kind.available(), part.target().ready()));
    }

    private Map<String, Integer> running() {
        Map<String, Integer> running = new LinkedHashMap<>();
        parts.forEach(part -> running.put(part.kind().name(), part.target().replicas()));
        return running;
    }

    private double capacity(Map<String, Integer> counts) {
        double sum = 0;
        for (Part part : parts) {
            sum += counts.getOrDefault(part.kind().name(), 0) * part.kind().requestsPerSecond();
        }
        return sum;
    }

    /// Replicas of the first kind that serve as much.
    private int whole(double requestsPerSecond) {
        return (int)
                Math.floor(requestsPerSecond / parts.getFirst().kind().requestsPerSecond() + 1e-6);
    }
}
