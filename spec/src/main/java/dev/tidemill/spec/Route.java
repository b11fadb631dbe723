package dev.tidemill.spec;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where requests go: to a model of the file, to its apps, or to servers elsewhere.
///
/// @param name unique among the gateway's routes
/// @param path stands for itself and everything below it
/// @param models what clients call the models that this route serves; `*` is every other
/// @param model name of a model in the same file; empty when there are upstreams
/// @param match all must hold; of several routes with one path or model the first that matches is
///   taken
/// @param fallback names of the routes that are tried in turn when this one's upstreams fail
/// @param stripPath whether `path` is taken off before the rest is sent on
/// @param sticky whether a client, or a conversation, stays with one upstream
public record Route(
        String name,
        Optional<String> path,
        List<String> models,
        Optional<String> model,
        List<Match> match,
        List<Upstream> upstreams,
        List<String> fallback,
        boolean stripPath,
        Timeouts timeouts,
        Retries retries,
        Optional<Sticky> sticky,
        RouteTraffic traffic) {
    public Route {
        models = List.copyOf(models);
        match = List.copyOf(match);
        upstreams = List.copyOf(upstreams);
        fallback = List.copyOf(fallback);
    }

    /// A path that leads to a model of the file.
    public static Route toModel(String name, String path, String model) {
        return new Route(
                name,
                Optional.of(path),
                List.of(),
                Optional.of(model),
                List.of(),
                List.of(),
                List.of(),
                false,
                Timeouts.DEFAULT,
                Retries.DEFAULT,
                Optional.empty(),
                RouteTraffic.NONE);
    }

    /// What a request must have.
    public sealed interface Match {
        /// @param value any when empty
        record Header(String name, Optional<String> value) implements Match {}

        /// @param value any when empty
        record Cookie(String name, Optional<String> value) implements Match {}

        /// A share of the requests, at random; with [Route#sticky] always the same clients.
        record Percent(double percent) implements Match {}
    }

    /// Servers that are as good as one another.
    ///
    /// @param urls empty when `model` or `app` is given
    /// @param model a model of the file
    /// @param weight its share of the route's requests, relative to the others'
    /// @param as the model's name that is sent instead of the client's
    /// @param anthropic empty: it speaks as its clients do
    /// @param allowPrivate whether its name may lead into private networks
    /// @param grpcPort of the same hosts; empty when they speak no gRPC
    /// @param app an app of the file
    public record Upstream(
            List<URI> urls,
            Optional<String> model,
            int weight,
            Optional<String> as,
            Optional<Credential> key,
            Optional<Anthropic> anthropic,
            boolean allowPrivate,
            Optional<Integer> grpcPort,
            Optional<String> app) {
        public Upstream {
            urls = List.copyOf(urls);
        }

        /// Where it is, over HTTP and over gRPC.
        Stream<URI> peers() {
            return Stream.concat(
                    urls.stream(),
                    grpcPort.stream()
                            .flatMap(port ->
                                    urls.stream()
                                            .map(url ->
                                                    URI.create(
                                                            "%s://%s:%d"
                                                                    .formatted(
                                                                            url.getScheme(),
                                                                            url.getHost(),
                                                                            port)))));
        }

        /// The replicas of an app.
        static Upstream toApp(String app) {
            return new Upstream(
                    List.of(),
                    Optional.empty(),
                    1,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    Optional.of(app));
        }

        /// One that is no app of the file and speaks no gRPC.
        public Upstream(
                List<URI> urls,
                Optional<String> model,
                int weight,
                Optional<String> as,
                Optional<Credential> key,
                Optional<Anthropic> anthropic,
                boolean allowPrivate) {
            this(
                    urls,
                    model,
                    weight,
                    as,
                    key,
                    anthropic,
                    allowPrivate,
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /// Of an upstream that speaks Anthropic's Messages API.
    ///
    /// @param maxTokens of an answer, where the client does not say
    public record Anthropic(int maxTokens, PromptCaching promptCaching) {}

    /// How long the provider is asked to keep prompts.
    public enum PromptCaching {
        OFF,
        MINUTES,
        HOUR
    }

    /// The key that is sent to an upstream, which is never in the file.
    ///
    /// @param header `authorization` sends it as a bearer token
    public record Credential(Optional<String> env, Optional<String> file, String header) {}

    /// @param firstByte how long an upstream may take to begin its answer
    /// @param idle how long it may pause within it
    /// @param waitForReplica how long a request waits when no upstream can be reached
    public record Timeouts(
            Duration request, Duration firstByte, Duration idle, Duration waitForReplica) {
        public static final Timeouts DEFAULT =
                new Timeouts(
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(60),
                        Duration.ZERO);
    }

    /// @param attempts that may reach an upstream, the first one included
    /// @param maxWait the longest `Retry-After` of an upstream that is waited for
    public record Retries(int attempts, Duration maxWait) {
        public static final Retries DEFAULT = new Retries(3, Duration.ofSeconds(1));
    }

    public sealed interface Sticky {
        /// By the client's key.
        record Key() implements Sticky {}

        /// By a header's value, such as a conversation's id.
        record Header(String name) implements Sticky {}
    }
}
