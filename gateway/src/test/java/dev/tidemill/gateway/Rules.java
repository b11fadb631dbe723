package dev.tidemill.gateway;

import dev.tidemill.common.Digest;
import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.testkit.FakeUpstream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes a gateway's rules for tests.
final class Rules {
    static final String CHAT = "/v1/chat/completions";
    static final String KEY = "tm-alices-own-key";

    private final List<GatewayRules.RouteRule> routes = new ArrayList<>();
    private final List<GatewayRules.Key> keys = new ArrayList<>();
    private final List<GatewayRules.Limit> limits = new ArrayList<>();
    private final List<GatewayRules.ModelPrice> prices = new ArrayList<>();
    private Optional<GatewayRules.SharedStore> shared = Optional.empty();
    private final List<GatewayRules.Jwt> jwt = new ArrayList<>();
    private List<GatewayRules.Secret> adminKeys = List.of();
    private Optional<Integer> connections = Optional.empty();
    private long wrongKeys = 30;
    private List<String> allow = List.of();
    private List<String> trusted = List.of();
    private Optional<GatewayRules.Cors> cors = Optional.empty();
    private long heartbeatMillis = 15_000;
    private @Nullable AnswerRules answers;

    static ConfigLine line(Rules rules) {
        return ConfigLine.empty().rules(rules.rules());
    }

    GatewayRules rules() {
        return new GatewayRules(
                heartbeatMillis,
                routes,
                new GatewayRules.Access(
                        keys,
                        jwt,
                        allow,
                        trusted,
                        cors,
                        wrongKeys,
                        connections,
                        Optional.of(adminKeys)),
                limits,
                Optional.ofNullable(answers),
                new GatewayRules.Prices("USD", prices),
                shared);
    }

    /// Prices of a million tokens, in whole units of the currency.
    Rules price(String model, long input, long output) {
        prices.add(
                new GatewayRules.ModelPrice(
                        List.of(model),
                        input * 1_000_000_000L,
                        input * 500_000_000L,
                        output * 1_000_000_000L));
        return this;
    }

    Rules route(RouteOf route) {
        routes.add(route.rule());
        return this;
    }

    Rules heartbeat(Duration silence) {
        heartbeatMillis = silence.toMillis();
        return this;
    }

    Rules key(String name, String team, List<String> models, String... secrets) {
        keys.add(
                new GatewayRules.Key(
                        name,
                        Arrays.stream(secrets)
                                .map(s -> new GatewayRules.Secret(hash(s), Optional.empty()))
                                .toList(),
                        Optional.of(team),
                        models,
                        List.of()));
        return this;
    }

    Rules key(GatewayRules.Key key) {
        keys.add(key);
        return this;
    }

    Rules limit(GatewayRules.Limit limit) {
        limits.add(limit);
        return this;
    }

    Rules shared(URI redis, Duration timeout, boolean failOpen) {
        shared =
                Optional.of(
                        new GatewayRules.SharedStore(
                                redis,
                                Optional.empty(),
                                Optional.empty(),
                                timeout.toMillis(),
                                failOpen));
        return this;
    }

    Rules jwt(GatewayRules.Jwt issuer) {
        jwt.add(issuer);
        return this;
    }

    Rules adminKey(String key) {
        adminKeys = List.of(new GatewayRules.Secret(hash(key), Optional.empty()));
        return this;
    }

    Rules connectionsPerClient(int most) {
        connections = Optional.of(most);
        return this;
    }

    Rules wrongKeys(long perMinute) {
        wrongKeys = perMinute;
        return this;
    }

    Rules withoutLimits() {
        limits.clear();
        return this;
    }

    Rules answers(AnswerRules given) {
        answers = given;
        return this;
    }

    Rules addresses(List<String> allowed, List<String> proxies) {
        allow = allowed;
        trusted = proxies;
        return this;
    }

    Rules cors(GatewayRules.Cors given) {
        cors = Optional.of(given);
        return this;
    }

    static String hash(String key) {
        return Digest.of(key.getBytes(StandardCharsets.UTF_8)).value();
    }

    static GatewayRules.Limit limitOf(
            List<String> per,
            Optional<GatewayRules.Rate> requests,
            Optional<GatewayRules.Rate> tokens,
            Optional<Integer> concurrent) {
        return new GatewayRules.Limit(
                "limit-1",
                per,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                requests,
                tokens,
                concurrent,
                Optional.empty());
    }

    static GatewayRules.Limit budgetOf(List<String> per, long billionths, String zone) {
        return new GatewayRules.Limit(
                "budget-1",
                per,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new GatewayRules.Budget(billionths, zone)));
    }

    static RouteOf model(String name, FakeUpstream... upstreams) {
        RouteOf route = new RouteOf(name);
        route.models.add(name);
        for (FakeUpstream upstream : upstreams) {
            route.upstream(upstream.url().toString(), 1);
        }
        return route;
    }

    static RouteOf path(String path) {
        RouteOf route = new RouteOf("at" + path.replace('/', '-'));
        route.path = Optional.of(path);
        return route;
    }

    static RouteOf path(String path, FakeUpstream upstream) {
        return path(path).upstream(upstream.url().toString(), 1);
    }

    /// A route that is being written.
    static final class RouteOf {
        private final List<String> models = new ArrayList<>();
        private final List<GatewayRules.Match> match = new ArrayList<>();
        private final List<GatewayRules.Upstream> upstreams = new ArrayList<>();
        private String name;
        private Optional<String> path = Optional.empty();
        private Optional<String> sticky = Optional.empty();
        private List<String> fallback = List.of();
        private boolean strip;
        private Duration firstByte = Duration.ofSeconds(20);
        private Duration idle = Duration.ofSeconds(20);
        private int attempts = 3;
        private long waitMillis;
        private TrafficRules traffic = TrafficRules.NONE;

        private RouteOf(String name) {
            this.name = name;
        }

        RouteOf named(String given) {
            name = given;
            return this;
        }

        RouteOf upstream(String url, int weight) {
            return upstream(url, weight, Optional.empty(), Optional.empty());
        }

        RouteOf upstream(
                String url,
                int weight,
                Optional<String> as,
                Optional<GatewayRules.Credential> key) {
            upstreams.add(
                    new GatewayRules.Upstream(
                            List.of(URI.create(url)),
                            Optional.empty(),
                            weight,
                            as,
                            key,
                            Optional.empty(),
                            false));
            return this;
        }

        /// Servers that speak gRPC on this port.
        RouteOf grpc(int port, int weight, Optional<String> as) {
            upstreams.add(grpcAt(port, weight, as));
            return this;
        }

        static GatewayRules.Upstream grpcAt(int port, int weight, Optional<String> as) {
            return new GatewayRules.Upstream(
                    List.of(URI.create("http://127.0.0.1:" + port)),
                    Optional.empty(),
                    weight,
                    as,
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    Optional.of(port));
        }

        RouteOf own(String model, int weight) {
            upstreams.add(
                    new GatewayRules.Upstream(
                            List.of(),
                            Optional.of(model),
                            weight,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            false));
            return this;
        }

        RouteOf header(String header, String value) {
            match.add(
                    new GatewayRules.Match(
                            Optional.of(header),
                            Optional.empty(),
                            Optional.of(value),
                            Optional.empty()));
            return this;
        }

        RouteOf cookie(String cookie) {
            match.add(
                    new GatewayRules.Match(
                            Optional.empty(),
                            Optional.of(cookie),
                            Optional.empty(),
                            Optional.empty()));
            return this;
        }

        RouteOf sticky(String by) {
            sticky = Optional.of(by);
            return this;
        }

        RouteOf fallback(String... names) {
            fallback = List.of(names);
            return this;
        }

        RouteOf strip() {
            strip = true;
            return this;
        }

        RouteOf firstByte(Duration limit) {
            firstByte = limit;
            return this;
        }

        RouteOf idle(Duration limit) {
            idle = limit;
            return this;
        }

        RouteOf waits(long millis) {
            waitMillis = millis;
            return this;
        }

        RouteOf attempts(int most) {
            attempts = most;
            return this;
        }

        RouteOf anthropic(
                String url,
                String as,
                GatewayRules.Credential key,
                GatewayRules.Anthropic anthropic) {
            upstreams.add(
                    new GatewayRules.Upstream(
                            List.of(URI.create(url)),
                            Optional.empty(),
                            1,
                            Optional.of(as),
                            Optional.of(key),
                            Optional.of(anthropic),
                            false));
            return this;
        }

        RouteOf canary(TrafficRules.Canary given) {
            traffic =
                    new TrafficRules(
                            Optional.of(given),
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            Optional.empty());
            return this;
        }

        RouteOf traffic(TrafficRules given) {
            traffic = given;
            return this;
        }

        RouteOf replicas(FakeUpstream... replicas) {
            upstreams.add(
                    new GatewayRules.Upstream(
                            Arrays.stream(replicas).map(FakeUpstream::url).toList(),
                            Optional.empty(),
                            1,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            false));
            return this;
        }

        private GatewayRules.RouteRule rule() {
            return new GatewayRules.RouteRule(
                    name,
                    path,
                    models,
                    match,
                    upstreams,
                    fallback,
                    strip,
                    sticky,
                    new GatewayRules.Patience(
                            20_000, firstByte.toMillis(), idle.toMillis(), waitMillis),
                    attempts,
                    1000,
                    Optional.of(traffic));
        }
    }

    /// A pattern that is built in, in questions and answers.
    static AnswerRules.Pattern named(String name, String action) {
        return new AnswerRules.Pattern(
                Optional.of(name),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                100,
                true,
                true,
                action,
                Optional.empty());
    }

    /// Guardrail `g`, which looks at everything for one pattern.
    static AnswerRules.Guard guardOf(AnswerRules.Pattern pattern) {
        return new AnswerRules.Guard(
                "g",
                AnswerRules.Scope.ALL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(pattern));
    }
}
