package dev.tidemill.gateway.table;

import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.traffic.TrafficLedger;
import dev.tidemill.gateway.upstream.ConnectionWatch;
import dev.tidemill.gateway.upstream.Replica;
import java.util.function.LongSupplier;

/// The current [ReplicaTable], and a place to wait for the next one.
public final class LiveTable implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final TrafficLedger ledger;
    private final ConnectionWatch watch;
    private final LongSupplier nanos;
    private final Object lock = new Object();
    private volatile ReplicaTable current;

    public LiveTable(GatewayConfig config, TrafficLedger ledger, LongSupplier nanos) {
        this.ledger = ledger;
        this.nanos = nanos;
        this.watch = new ConnectionWatch(nanos);
        this.current = ReplicaTable.of(config, null, this::open, ledger);
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
    public void swap(GatewayConfig config) {
        synchronized (lock) {
            ReplicaTable before = current;
            ReplicaTable next = ReplicaTable.of(config, before, this::open, ledger);
            current = next;
            before.leftOutOf(next).forEach(Replica::retire);
            lock.notifyAll();
        }
    }

    /// Blocks until the table is another than `seen`, or until a time.
    public void awaitChange(ReplicaTable seen, long untilNanos) throws InterruptedException {
        synchronized (lock) {
            for (long left = untilNanos - nanos.getAsLong();
                    current == seen && left > 0;
                    left = untilNanos - nanos.getAsLong()) {
                lock.wait(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
            }
        }
    }

    @Override
    public void close() {
        current.replicas().forEach(Replica::retire);
        watch.close();
    }

    private Replica open(ReplicaTable.Address address) {
        return new Replica(address.id(), address.url(), watch, nanos);
    }
}
