package dev.tidemill.gateway.table;

import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.upstream.AddressRule;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.gateway.upstream.ConnectionWatch;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.routing.OutlierRule;

/// The current [ReplicaTable], and a place to wait for the next one.
public final class LiveTable implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final TableParts parts;
    private final ConnectionWatch watch;
    private final Object lock = new Object();
    private volatile ReplicaTable current;

    /// @throws dev.tidemill.common.TidemillException when a key that an upstream wants is not there
    public LiveTable(GatewayConfig config, TableParts parts) {
        this.parts = parts;
        this.watch = new ConnectionWatch(parts.nanos());
        this.current = ReplicaTable.of(config, null, this::open, parts);
        parts.canaries().keep(current.canaries());
    }

    /// Begins to watch over the time of requests.
    public void start() {
        watch.start();
    }

    public ReplicaTable current() {
        return current;
    }

    /// Replaces the table. Requests that have begun end with the replicas they have; those that
    /// wait look again.
    ///
    /// @throws dev.tidemill.common.TidemillException when a key that an upstream wants is not
    ///   there; nothing has changed then
    public void swap(GatewayConfig config) {
        synchronized (lock) {
            ReplicaTable before = current;
            ReplicaTable next = ReplicaTable.of(config, before, this::open, parts);
            current = next;
            parts.canaries().keep(next.canaries());
            before.leftOutOf(next).forEach(Replica::retire);
            lock.notifyAll();
        }
    }

    /// Blocks until the table is another than `seen`, until a time, or until the client leaves.
    public void awaitChange(ReplicaTable seen, Call call, long untilNanos)
            throws InterruptedException {
        call.whenGone(this::wake);
        call.watchClient();
        try {
            synchronized (lock) {
                for (long left = untilNanos - now();
                        current == seen && left > 0 && !call.hasLeft();
                        left = untilNanos - now()) {
                    lock.wait(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
                }
            }
        } finally {
            call.whenGone(null);
        }
    }

    @Override
    public void close() {
        current.replicas().forEach(Replica::retire);
        watch.close();
    }

    private void wake() {
        synchronized (lock) {
            lock.notifyAll();
        }
    }

    private long now() {
        return parts.nanos().getAsLong();
    }

    private Replica open(ReplicaTable.Address address) {
        return new Replica(
                address.id(),
                address.url(),
                address.grpcPort(),
                address.elsewhere() ? OutlierRule.DEFAULT : null,
                address.elsewhere() ? parts.tls() : parts.ours(),
                new AddressRule(address.allowPrivate()),
                watch,
                parts.nanos());
    }
}
