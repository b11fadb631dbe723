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
        Optional<AnswerRules> answers) {
    public static final GatewayRules NONE =
            new GatewayRules(
                    15_000,
                    List.of(),
                    new Access(List.of(), List.of(), List.of(), Optional.empty()),
                    List.of(),
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
            long maxWaitMillis) {
        public RouteRule {
            models = List.copyOf(models);
            match = List.copyOf(match);
            upstreams = List.copyOf(upstreams);
            fallback = List.copyOf(fallback);
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
    public record Upstream(
            List<URI> urls,
            Optional<String> model,
            int weight,
            Optional<String> as,
            Optional<Credential> key) {
        public Upstream {
            urls = List.copyOf(urls);
        }
    }

    /// Where a key is that is sent to an upstream.
    public record Credential(Optional<String> env, Optional<String> file, String header) {}

    /// @param keys anybody may come in when there are none
    /// @param allow addresses; all when there are none
    /// @param trustedProxies addresses whose `X-Forwarded-For` is believed
    public record Access(
            List<Key> keys, List<String> allow, List<String> trustedProxies, Optional<Cors> cors) {
        public Access {
            keys = List.copyOf(keys);
            allow = List.copyOf(allow);
            trustedProxies = List.copyOf(trustedProxies);
        }
    }

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
            Optional<Integer> concurrent) {
        public Limit {
            per = List.copyOf(per);
            keys = List.copyOf(keys);
            teams = List.copyOf(teams);
            models = List.copyOf(models);
            routes = List.copyOf(routes);
        }
    }

    public record Rate(long perMinute, long burst) {}
}
