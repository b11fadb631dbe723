package dev.tidemill.gateway.grpc;

import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.upstream.Replica;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The replicas that calls go to, with their connections. Those that a new table leaves out are
/// retired by the first call that has that table. Thread-safe.
final class Channels implements AutoCloseable {
    private final Map<Replica, Peer> peers = new ConcurrentHashMap<>();
    private final int maxMessageBytes;
    private final @Nullable SSLContext servers;
    private final LongSupplier nanos;
    private volatile @Nullable ReplicaTable seen;

    /// @param servers for calls of our own replicas; null where they speak plainly
    Channels(int maxMessageBytes, @Nullable SSLContext servers, LongSupplier nanos) {
        this.maxMessageBytes = maxMessageBytes;
        this.servers = servers;
        this.nanos = nanos;
    }

    Peer of(Replica replica) {
        Peer known = peers.get(replica);
        return known != null
                ? known
                : peers.computeIfAbsent(replica, r -> new Peer(r, maxMessageBytes, servers, nanos));
    }

    /// Those of a model's replicas that speak gRPC.
    ///
    /// @param served null when it is not served any more
    List<Peer> of(@Nullable ServedModel served) {
        return served == null
                ? List.of()
                : served.replicas().stream()
                        .filter(replica -> replica.grpcPort() > 0)
                        .map(this::of)
                        .toList();
    }

    void keep(ReplicaTable table) {
        if (seen == table) {
            return;
        }
        seen = table;
        Set<Replica> current = Set.copyOf(table.replicas());
        peers.entrySet()
                .removeIf(entry -> {
                    boolean gone = !current.contains(entry.getKey());
                    if (gone) {
                        entry.getValue().retire();
                    }
                    return gone;
                });
    }

    @Override
    public void close() {
        peers.values().forEach(Peer::close);
    }
}
