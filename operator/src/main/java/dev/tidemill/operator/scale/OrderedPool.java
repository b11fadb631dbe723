package dev.tidemill.operator.scale;

import dev.tidemill.autoscale.ScalingTarget;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/// A Deployment whose replicas are counted and ordered. What was ordered counts until the watch
/// shows it, for a while: then what the API server says counts again, whoever set it.
final class OrderedPool implements ScalingTarget {
    private static final System.Logger LOG = System.getLogger(OrderedPool.class.getName());
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final String namespace;
    private final ReplicaOrders orders;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private volatile LivePool seen;
    private volatile Optional<Ordered> ordered = Optional.empty();
    private volatile Optional<Change> last = Optional.empty();

    OrderedPool(
            String namespace,
            LivePool seen,
            ReplicaOrders orders,
            InstantSource clock,
            LongSupplier nanos) {
        this.namespace = namespace;
        this.seen = seen;
        this.orders = orders;
        this.clock = clock;
        this.nanos = nanos;
    }

    private record Ordered(int replicas, long atNanos) {}

    /// @param reason in a sentence
    record Change(String reason, Instant at) {}

    void see(LivePool now) {
        seen = now;
        ordered =
                ordered.filter(order ->
                        order.replicas() != now.replicas()
                                && nanos.getAsLong() - order.atNanos() < PATIENCE_NANOS);
    }

    Optional<Change> last() {
        return last;
    }

    @Override
    public String name() {
        return seen.name();
    }

    @Override
    public int replicas() {
        return ordered.map(Ordered::replicas).orElse(seen.replicas());
    }

    @Override
    public int ready() {
        return seen.ready();
    }

    @Override
    public double startSeconds() {
        return seen.startSeconds();
    }

    @Override
    public void order(int replicas, String reason) {
        try {
            orders.order(namespace, seen.deployment(), replicas);
            ordered = Optional.of(new Ordered(replicas, nanos.getAsLong()));
            last = Optional.of(new Change(reason, clock.instant()));
        } catch (RuntimeException e) {
            // The next look, a second later, decides and orders again.
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}/{1}: {2} replicas were not ordered: {3}",
                    namespace,
                    seen.deployment(),
                    replicas,
                    e.getMessage());
        }
    }
}
