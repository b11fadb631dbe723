package dev.tidemill.http;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How many connections each client has open. Forgets those that have none.
public final class ClientConnections {
    private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();
    private final ConnectionRule rule;

    public ClientConnections(ConnectionRule rule) {
        this.rule = rule;
    }

    /// @return false when it has too many; then [#close] is not for it
    public boolean open(InetAddress client) {
        boolean[] may = new boolean[1];
        open.compute(
                client,
                (_, known) -> {
                    int had = known == null ? 0 : known;
                    may[0] = rule.mayOpen(client, had);
                    return may[0] ? Integer.valueOf(had + 1) : known;
                });
        return may[0];
    }

    public void close(InetAddress client) {
        open.computeIfPresent(client, (_, had) -> had == 1 ? null : had - 1);
    }
}
