package dev.tidemill.gateway.table;

import dev.tidemill.gateway.anthropic.AnthropicRules;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.routing.AnswerRule;
import dev.tidemill.routing.HedgeDelay;
import dev.tidemill.routing.RouteCondition;
import dev.tidemill.routing.WeightedSplit;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes the destinations of a configuration, and the groups of replicas elsewhere that they need.
final class DestinationPlan {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String MIRROR = "mirror";
    private static final long FOREVER = Long.MAX_VALUE;

    private final GatewayConfig config;
    private final TableParts parts;
    private final Function<ReplicaTable.Address, Replica> replicas;
    private final Map<String, ServedModel> elsewhere = new LinkedHashMap<>();

    DestinationPlan(
            GatewayConfig config,
            TableParts parts,
            Function<ReplicaTable.Address, Replica> replicas) {
        this.config = config;
        this.parts = parts;
        this.replicas = replicas;
    }

    /// Groups of replicas that no configured model has, by their names in the table.
    Map<String, ServedModel> elsewhere() {
        return elsewhere;
    }

    List<Destination> routes() {
        return config.orNoRules().routes().stream().map(this::route).toList();
    }

    /// A model by its own name, or by a path.
    Destination model(String model, @Nullable String path) {
        return new Destination(
                model,
                false,
                path,
                false,
                List.of(),
                List.of(new Destination.Target(model, null, model, null)),
                new WeightedSplit(List.of(1)),
                List.of(),
                new Destination.Patience(
                        config.requestTimeoutMillis() * NANOS_PER_MILLI,
                        FOREVER,
                        FOREVER,
                        config.waitForReplicaMillis() * NANOS_PER_MILLI),
                null,
                null,
                Steering.NONE,
                parts.ledger().of(model));
    }

    private Destination route(GatewayRules.RouteRule rule) {
        List<Destination.Target> targets = new ArrayList<>();
        for (GatewayRules.Upstream upstream : rule.upstreams()) {
            targets.add(target(rule, upstream, String.valueOf(targets.size())));
        }
        GatewayRules.Patience patience = rule.patience();
        return new Destination(
                rule.name(),
                true,
                rule.path().orElse(null),
                rule.stripPath(),
                rule.match().stream().map(DestinationPlan::condition).toList(),
                targets,
                new WeightedSplit(
                        rule.upstreams().stream().map(GatewayRules.Upstream::weight).toList()),
                rule.fallback(),
                new Destination.Patience(
                        patience.requestMillis() * NANOS_PER_MILLI,
                        patience.firstByteMillis() * NANOS_PER_MILLI,
                        patience.idleMillis() * NANOS_PER_MILLI,
                        patience.waitMillis() * NANOS_PER_MILLI),
                new AnswerRule(rule.attempts(), rule.maxWaitMillis() * NANOS_PER_MILLI),
                rule.sticky().map(DestinationPlan::sticky).orElse(null),
                steering(rule),
                parts.ledger().of(rule.name()));
    }

    private Destination.Target target(
            GatewayRules.RouteRule rule, GatewayRules.Upstream upstream, String place) {
        if (upstream.model().isPresent()) {
            String model = upstream.model().get();
            if (isApp(model)) {
                return new Destination.Target(model, upstream.as().orElse(null), null, null);
            }
            return new Destination.Target(model, upstream.as().orElse(model), model, null);
        }
        // No model is called so.
        String served = rule.name() + "#" + place;
        List<Replica> own = new ArrayList<>();
        for (URI url : upstream.urls()) {
            String id = "%s-%s-%d".formatted(rule.name(), numbered(place), own.size() + 1);
            own.add(
                    replicas.apply(
                            new ReplicaTable.Address(
                                    id,
                                    url,
                                    upstream.grpcPort().orElse(0),
                                    true,
                                    upstream.allowPrivate())));
        }
        elsewhere.put(
                served,
                new ServedModel(rule.name(), rule.name(), own, parts.ledger().of(rule.name())));
        Header credential = upstream.key().map(parts.keys()::header).orElse(null);
        return new Destination.Target(
                served,
                upstream.as().orElse(null),
                null,
                Destination.Elsewhere.of(
                        upstream.urls().getFirst(),
                        credential,
                        upstream.anthropic().map(DestinationPlan::anthropic).orElse(null)));
    }

    private boolean isApp(String name) {
        return config.models().stream().anyMatch(m -> m.isApp() && m.name().equals(name));
    }

    /// People count from one.
    private static String numbered(String place) {
        return place.equals(MIRROR) ? place : String.valueOf(Integer.parseInt(place) + 1);
    }

    private Steering steering(GatewayRules.RouteRule rule) {
        TrafficRules traffic = rule.orNoTraffic();
        return new Steering(
                traffic.canary().map(canary -> parts.canaries().of(rule, canary)).orElse(null),
                traffic.mirror()
                        .map(mirror ->
                                new Steering.Mirror(
                                        target(rule, mirror.upstream(), MIRROR),
                                        mirror.percent() / 100))
                        .orElse(null),
                traffic.hedge().map(DestinationPlan::hedge).orElse(null),
                traffic.byPrefix(),
                traffic.held().orElse(Integer.MAX_VALUE));
    }

    private static HedgeDelay hedge(TrafficRules.Hedge hedge) {
        return hedge.afterMillis()
                .<HedgeDelay>map(millis -> new HedgeDelay.Fixed(millis * NANOS_PER_MILLI))
                .orElseGet(
                        () -> new HedgeDelay.Quantile(hedge.quantilePercent().orElse(95.0) / 100));
    }

    private static AnthropicRules anthropic(GatewayRules.Anthropic given) {
        return new AnthropicRules(given.maxTokens(), given.cachesPrompts(), given.cachesLonger());
    }

    private static RouteCondition condition(GatewayRules.Match match) {
        String value = match.value().orElse(null);
        return match.header()
                .<RouteCondition>map(name -> new RouteCondition.Header(name, value))
                .or(() -> match.cookie().map(name -> new RouteCondition.Cookie(name, value)))
                .orElseGet(() -> new RouteCondition.Share(match.percent().orElse(100.0) / 100));
    }

    private static Destination.Sticky sticky(String by) {
        return new Destination.Sticky(by.equals("key") ? null : HeaderNames.create(by));
    }
}
