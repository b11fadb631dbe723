package dev.tidemill.gateway.table;

import static java.util.stream.Collectors.joining;

import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.traffic.TrafficLedger;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.routing.PathRoute;
import dev.tidemill.routing.RouteTable;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Everything that a configuration line can change while the gateway runs. Immutable; a request
/// works with one table from its route to its replica.
public final class ReplicaTable {
    private final Map<String, ServedModel> models;
    private final Map<Address, Replica> replicas;
    private final List<PathRoute> paths;
    private final RouteTable routes;
    private final Duration requestTimeout;
    private final Duration waitForReplica;

    private ReplicaTable(
            GatewayConfig config, Map<String, ServedModel> models, Map<Address, Replica> replicas) {
        this.models = models;
        this.replicas = replicas;
        this.paths = config.routes().stream().map(r -> new PathRoute(r.path(), r.model())).toList();
        this.routes = new RouteTable(paths, models.keySet());
        this.requestTimeout = Duration.ofMillis(config.requestTimeoutMillis());
        this.waitForReplica = Duration.ofMillis(config.waitForReplicaMillis());
    }

    /// @param before its replicas are taken over, with their connections and counts, where id and
    ///   address are the same
    /// @param open makes those that are new
    static ReplicaTable of(
            GatewayConfig config,
            @Nullable ReplicaTable before,
            Function<Address, Replica> open,
            TrafficLedger ledger) {
        Map<Address, Replica> known = before == null ? Map.of() : before.replicas;
        Map<Address, Replica> replicas = new LinkedHashMap<>();
        Map<String, ServedModel> models = new LinkedHashMap<>();
        for (GatewayConfig.Model model : config.models()) {
            List<Replica> own = new ArrayList<>();
            for (GatewayConfig.Replica replica : model.replicas()) {
                Address address = new Address(replica.id(), replica.url());
                own.add(
                        replicas.computeIfAbsent(
                                address,
                                a -> {
                                    Replica kept = known.get(a);
                                    return kept != null ? kept : open.apply(a);
                                }));
            }
            models.put(
                    model.name(),
                    new ServedModel(model.name(), model.pool(), own, ledger.of(model.name())));
        }
        return new ReplicaTable(config, models, replicas);
    }

    public RouteTable routes() {
        return routes;
    }

    /// Configured paths, in the file's order.
    public List<PathRoute> paths() {
        return paths;
    }

    public @Nullable ServedModel model(String name) {
        return models.get(name);
    }

    /// In the order of the configuration.
    public List<ServedModel> models() {
        return List.copyOf(models.values());
    }

    /// For the whole of a request.
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /// How long a request waits for a replica.
    public Duration waitForReplica() {
        return waitForReplica;
    }

    /// Which models have no replica; empty when every model has one.
    public Optional<String> missing() {
        String names =
                models.values().stream()
                        .filter(model -> model.replicas().isEmpty())
                        .map(ServedModel::name)
                        .collect(joining(", "));
        return names.isEmpty() ? Optional.empty() : Optional.of("no replica of: " + names);
    }

    /// The replicas that `next` has not.
    List<Replica> leftOutOf(ReplicaTable next) {
        return replicas.entrySet().stream()
                .filter(replica -> !next.replicas.containsKey(replica.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /// All of them, once each.
    List<Replica> replicas() {
        return List.copyOf(replicas.values());
    }

    /// What makes a replica the same one in two tables.
    record Address(String id, URI url) {}
}
