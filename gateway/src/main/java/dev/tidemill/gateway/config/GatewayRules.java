package dev.tidemill.gateway.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// What people write of a gateway in its file: where requests go beside the models' own paths, who
/// may make them, and how many.
///
/// @param heartbeatMillis the longest silence of a stream of events
public record GatewayRules(
        long heartbeatMillis,
        List<RouteRule> routes,
        Access access,
        List<Limit> limits,
        Optional<AnswerRules> answers,
        Prices prices,
        Optional<SharedStore> shared) {
    public static final GatewayRules NONE =
            new GatewayRules(
                    15_000,
                    List.of(),
                    new Access(
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(),
                            Optional.empty(),
                            30,
                            Optional.empty(),
                            Optional.empty()),
                    List.of(),
                    Optional.empty(),
                    Prices.NONE,
                    Optional.empty());

    public GatewayRules {
        routes = List.copyOf(routes);
        limits = List.copyOf(limits);
    }

    /// What is done with requests and answers beside passing them on.
    public AnswerRules orNoAnswers() {
        return answers.orElse(AnswerRules.NONE);
    }

    /// @param path stands for itself and everything below it
    /// @param models as clients call them; `*` is every other
    /// @param sticky `key` or a header's name
    public record RouteRule(
            String name,
            Optional<String> path,
            List<String> models,
            List<Match> match,
            List<Upstream> upstreams,
            List<String> fallback,
            boolean stripPath,
            Optional<String> sticky,
            Patience patience,
            int attempts,
            long maxWaitMillis,
            Optional<TrafficRules> traffic) {
        public RouteRule {
            models = List.copyOf(models);
            match = List.copyOf(match);
            upstreams = List.copyOf(upstreams);
            fallback = List.copyOf(fallback);
        }

        /// What the file says, or nothing special.
        public TrafficRules orNoTraffic() {
            return traffic.orElse(TrafficRules.NONE);
        }
    }

    /// How long a request may take.
    ///
    /// @param firstByteMillis until an upstream begins its answer
    /// @param idleMillis the longest pause within it
    /// @param waitMillis when no upstream can be reached
    public record Patience(
            long requestMillis, long firstByteMillis, long idleMillis, long waitMillis) {}

    /// One of header, cookie and percent.
    public record Match(
            Optional<String> header,
            Optional<String> cookie,
            Optional<String> value,
            Optional<Double> percent) {}

    /// @param urls empty when it is one of the gateway's models
    /// @param as the model's name that is sent
    /// @param allowPrivate whether names of providers may lead into private networks
    /// @param grpcPort of the same hosts; empty when they speak no gRPC
    public record Upstream(
            List<URI> urls,
            Optional<String> model,
            int weight,
            Optional<String> as,
            Optional<Credential> key,
            Optional<Anthropic> anthropic,
            boolean allowPrivate,
            Optional<Integer> grpcPort) {
        public Upstream {
            urls = List.copyOf(urls);
        }

        /// One that speaks no gRPC.
        public Upstream(
                List<URI> urls,
                Optional<String> model,
                int weight,
                Optional<String> as,
                Optional<Credential> key,
                Optional<Anthropic> anthropic,
                boolean allowPrivate) {
            this(urls, model, weight, as, key, anthropic, allowPrivate, Optional.empty());
        }
    }

    /// Of an upstream that speaks Anthropic's Messages API.
    ///
    /// @param maxTokens of an answer, where the client does not say
    public record Anthropic(long maxTokens, boolean cachesPrompts, boolean cachesLonger) {}

    /// Where a key is that is sent to an upstream.
    public record Credential(Optional<String> env, Optional<String> file, String header) {}

    /// @param keys anybody may come in when there are none, and no issuers of tokens either
    /// @param jwt whose tokens are believed
    /// @param allow addresses; all when there are none
    /// @param wrongKeysPerMinute that an address may try
    /// @param connectionsPerClient at a time, of an address that is no trusted proxy
    /// @param adminKeys of those who may give orders at the admin listener
    /// @param trustedProxies addresses whose `X-Forwarded-For` is believed
    public record Access(
            List<Key> keys,
            List<Jwt> jwt,
            List<String> allow,
            List<String> trustedProxies,
            Optional<Cors> cors,
            long wrongKeysPerMinute,
            Optional<Integer> connectionsPerClient,
            Optional<List<Secret>> adminKeys) {
        public Access {
            keys = List.copyOf(keys);
            jwt = List.copyOf(jwt);
            allow = List.copyOf(allow);
            trustedProxies = List.copyOf(trustedProxies);
            adminKeys = adminKeys.map(List::copyOf);
        }
    }

    /// An issuer of tokens.
    ///
    /// @param jwks where its keys are; empty: where its own document says
    /// @param algorithms with two keys, a private and a public one
    /// @param allowPrivate whether its keys may come without TLS, and from private addresses
    public record Jwt(
            String issuer,
            List<String> audience,
            Optional<URI> jwks,
            List<String> algorithms,
            long leewayMillis,
            Claims claims,
            Optional<String> requiredScope,
            boolean allowPrivate) {
        public Jwt {
            audience = List.copyOf(audience);
            algorithms = List.copyOf(algorithms);
        }
    }

    /// Names of claims.
    public record Claims(String user, Optional<String> team, String scopes) {}

    /// @param models all when there are none, as are routes
    public record Key(
            String name,
            List<Secret> secrets,
            Optional<String> team,
            List<String> models,
            List<String> routes) {
        public Key {
            secrets = List.copyOf(secrets);
            models = List.copyOf(models);
            routes = List.copyOf(routes);
        }
    }

    /// @param hash `sha256:` and hexadecimal digits
    /// @param expiresMillis since 1970
    public record Secret(String hash, Optional<Long> expiresMillis) {}

    public record Cors(
            List<String> origins,
            List<String> methods,
            List<String> headers,
            boolean credentials,
            long maxAgeSeconds) {
        public Cors {
            origins = List.copyOf(origins);
            methods = List.copyOf(methods);
            headers = List.copyOf(headers);
        }
    }

    /// @param per of `key`, `team`, `model`, `route`, `address`
    /// @param keys it is about these; every one when empty, as are the next three
    public record Limit(
            String name,
            List<String> per,
            List<String> keys,
            List<String> teams,
            List<String> models,
            List<String> routes,
            Optional<Rate> requests,
            Optional<Rate> tokens,
            Optional<Integer> concurrent,
            Optional<Budget> budget) {
        public Limit {
            per = List.copyOf(per);
            keys = List.copyOf(keys);
            teams = List.copyOf(teams);
            models = List.copyOf(models);
            routes = List.copyOf(routes);
        }
    }

    public record Rate(long perMinute, long burst) {}

    /// @param perDay in billionths of the currency
    /// @param zone whose midnight ends a day
    public record Budget(long perDay, String zone) {}

    /// Where what is used of limits is kept for several gateways.
    ///
    /// @param url of a Redis
    /// @param failOpen whether gateways count by themselves while it is lost; otherwise what is
    ///   limited is refused
    public record SharedStore(
            URI url,
            Optional<String> user,
            Optional<Credential> password,
            long timeoutMillis,
            boolean failOpen) {}

    /// What models cost.
    public record Prices(String currency, List<ModelPrice> models) {
        static final Prices NONE = new Prices("USD", List.of());

        public Prices {
            models = List.copyOf(models);
        }
    }

    /// Prices of a million tokens in billionths of the currency.
    ///
    /// @param names of models as clients call them; `*` is every other
    public record ModelPrice(List<String> names, long input, long cachedInput, long output) {
        public ModelPrice {
            names = List.copyOf(names);
        }
    }
}
