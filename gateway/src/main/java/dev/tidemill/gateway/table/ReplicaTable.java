package dev.tidemill.gateway.table;

import static java.util.stream.Collectors.joining;

import dev.tidemill.gateway.access.AccessGate;
import dev.tidemill.gateway.access.Tokens;
import dev.tidemill.gateway.admission.LimitRules;
import dev.tidemill.gateway.canary.LiveCanary;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.guard.Guards;
import dev.tidemill.gateway.jwt.TokenGate;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.routing.PathRoute;
import dev.tidemill.routing.RouteTable;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Everything that a configuration line can change while the gateway runs. Immutable; a request
/// works with one table from its route to its replica.
public final class ReplicaTable {
    /// Stands for every model that no other route names.
    private static final String ANY = "*";

    private final Map<String, ServedModel> models = new LinkedHashMap<>();
    private final Map<String, ServedModel> apps = new LinkedHashMap<>();
    private final Map<String, ServedModel> elsewhere;
    private final Map<Address, Replica> replicas = new LinkedHashMap<>();
    private final Map<String, Destination> routesByName = new LinkedHashMap<>();
    private final Map<String, List<Destination>> byPath = new LinkedHashMap<>();
    private final Map<String, List<Destination>> byModel = new LinkedHashMap<>();
    private final List<PathRoute> paths = new ArrayList<>();
    private final RouteTable routes;
    private final AccessGate access;
    private final LimitRules limits;
    private final Guards guards;
    private final Map<String, String> versions = new HashMap<>();
    private final long heartbeatNanos;

    private ReplicaTable(
            GatewayConfig config, Map<Address, Replica> known, Opener open, TableParts parts) {
        Function<Address, Replica> replica = address -> replica(address, known, open);
        for (GatewayConfig.Model model : config.models()) {
            model.version().ifPresent(version -> versions.put(model.name(), version));
            List<Replica> own =
                    model.replicas().stream()
                            .map(r ->
                                    replica.apply(
                                            new Address(
                                                    r.id(),
                                                    r.url(),
                                                    r.grpcPort().orElse(0),
                                                    false,
                                                    true)))
                            .toList();
            (model.isApp() ? apps : models)
                    .put(
                            model.name(),
                            new ServedModel(
                                    model.name(),
                                    model.pool(),
                                    own,
                                    parts.ledger().of(model.name())));
        }
        DestinationPlan plan = new DestinationPlan(config, parts, replica);
        plan.routes().forEach(this::add);
        config.orNoRules()
                .routes()
                .forEach(rule ->
                        rule.models()
                                .forEach(model ->
                                        add(byModel, model, routesByName.get(rule.name()))));
        for (GatewayConfig.Route route : config.routes()) {
            paths.add(new PathRoute(route.path(), route.model()));
            add(byPath, route.path(), plan.model(route.model(), route.path()));
        }
        models.keySet().forEach(model -> add(byModel, model, plan.model(model, null)));
        this.elsewhere = plan.elsewhere();
        Set<String> named = new LinkedHashSet<>(byModel.keySet());
        named.remove(ANY);
        this.routes =
                new RouteTable(
                        byPath.keySet().stream().map(path -> new PathRoute(path, path)).toList(),
                        named);
        this.access = accessGate(config.orNoRules().access(), parts);
        this.limits = new LimitRules(config.orNoRules().limits(), config.orNoRules().prices());
        this.guards = new Guards(config.orNoRules().orNoAnswers().guards());
        this.heartbeatNanos = config.orNoRules().heartbeatMillis() * 1_000_000;
    }

    /// @param before its replicas are taken over, with their connections and counts, where id and
    ///   address are the same
    /// @param open makes those that are new
    static ReplicaTable of(
            GatewayConfig config, @Nullable ReplicaTable before, Opener open, TableParts parts) {
        return new ReplicaTable(config, before == null ? Map.of() : before.replicas, open, parts);
    }

    private Replica replica(Address address, Map<Address, Replica> known, Opener open) {
        return replicas.computeIfAbsent(
                address,
                a -> {
                    Replica kept = known.get(a);
                    return kept != null ? kept : open.open(a);
                });
    }

    private static AccessGate accessGate(GatewayRules.Access rules, TableParts parts) {
        Tokens tokens =
                rules.jwt().isEmpty() ? Tokens.NONE : new TokenGate(rules.jwt(), parts.issuers());
        return new AccessGate(rules, tokens, parts.wrongKeys(), parts.clock());
    }

    private void add(Destination route) {
        routesByName.put(route.name(), route);
        if (route.path() != null) {
            paths.add(new PathRoute(route.path(), route.name()));
            add(byPath, route.path(), route);
        }
    }

    private static void add(
            Map<String, List<Destination>> to, String key, @Nullable Destination destination) {
        if (destination != null) {
            to.computeIfAbsent(key, _ -> new ArrayList<>()).add(destination);
        }
    }

    public RouteTable routes() {
        return routes;
    }

    public AccessGate access() {
        return access;
    }

    public LimitRules limits() {
        return limits;
    }

    /// Whether a model has a route of its own, or is one.
    public boolean names(String model) {
        return byModel.containsKey(model);
    }

    /// Which version a model of ours is; empty where that is not known.
    public String version(String model) {
        return versions.getOrDefault(model, "");
    }

    public Guards guards() {
        return guards;
    }

    /// The longest silence of a stream of events.
    public long heartbeatNanos() {
        return heartbeatNanos;
    }

    /// Configured paths with what they lead to: first those of routes, in the file's order.
    public List<PathRoute> paths() {
        return List.copyOf(paths);
    }

    /// Where a path may lead, the first one that matches.
    public List<Destination> byPath(String path) {
        return byPath.getOrDefault(path, List.of());
    }

    /// Where a model may lead, the first one that matches: the routes that name it, itself, the
    /// routes for any other.
    public List<Destination> byModel(String model) {
        List<Destination> named = byModel.get(model);
        return named != null ? named : byModel.getOrDefault(ANY, List.of());
    }

    /// Every model by the name that clients use, in the order of the configuration.
    public List<String> clientModels() {
        return byModel.keySet().stream().filter(name -> !name.equals(ANY)).toList();
    }

    public @Nullable Destination route(String name) {
        return routesByName.get(name);
    }

    List<LiveCanary> canaries() {
        return routesByName.values().stream()
                .map(Destination::canary)
                .filter(Objects::nonNull)
                .toList();
    }

    /// The replicas of a target.
    public @Nullable ServedModel served(String target) {
        ServedModel model = models.get(target);
        ServedModel ours = model != null ? model : apps.get(target);
        return ours != null ? ours : elsewhere.get(target);
    }

    public @Nullable ServedModel model(String name) {
        return models.get(name);
    }

    /// In the order of the configuration.
    public List<ServedModel> models() {
        return List.copyOf(models.values());
    }

    /// What only routes lead to, in the order of the configuration.
    public List<ServedModel> apps() {
        return List.copyOf(apps.values());
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

    /// Whether there is anything that a request could go to.
    public boolean hasReplicas() {
        return !replicas.isEmpty();
    }

    /// The replicas that `next` has not.
    List<Replica> leftOutOf(ReplicaTable next) {
        return replicas.entrySet().stream()
                .filter(replica -> !next.replicas.containsKey(replica.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /// All of them, once each.
    public List<Replica> replicas() {
        return List.copyOf(replicas.values());
    }

    /// What makes a replica the same one in two tables.
    ///
    /// @param grpcPort 0 when it speaks no gRPC
    /// @param elsewhere whether nobody but this gateway watches over it
    /// @param allowPrivate whether its name may lead anywhere
    record Address(String id, URI url, int grpcPort, boolean elsewhere, boolean allowPrivate) {}

    /// Makes a replica.
    @FunctionalInterface
    interface Opener {
        Replica open(Address address);
    }
}
