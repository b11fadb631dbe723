package dev.tidemill.gateway.table;

import dev.tidemill.gateway.anthropic.AnthropicRules;
import dev.tidemill.gateway.canary.LiveCanary;
import dev.tidemill.gateway.traffic.ModelTraffic;
import dev.tidemill.routing.AnswerRule;
import dev.tidemill.routing.RouteCondition;
import dev.tidemill.routing.WeightedSplit;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a path or a model's name leads to: a route of the file, or a model by its own name.
///
/// @param name the route's, or the model's
/// @param isRoute whether it is a route, which keys and limits can name
/// @param path that was configured for it
/// @param stripPath whether the path is taken off
/// @param fallback names of the routes that come after it
/// @param answers which answers are not passed on; null: all are
/// @param sticky what decides who is taken; null: chance
public record Destination(
        String name,
        boolean isRoute,
        @Nullable String path,
        boolean stripPath,
        List<RouteCondition> conditions,
        List<Target> targets,
        WeightedSplit split,
        List<String> fallback,
        Patience patience,
        @Nullable AnswerRule answers,
        @Nullable Sticky sticky,
        Steering steering,
        ModelTraffic traffic) {
    public Destination {
        conditions = List.copyOf(conditions);
        targets = List.copyOf(targets);
        fallback = List.copyOf(fallback);
    }

    /// Replicas that are as good as one another.
    ///
    /// @param served its name in [ReplicaTable#served]
    /// @param as what the model is called there; null: as the client calls it
    /// @param model the model of ours that it is; null for an app and for a server elsewhere
    /// @param elsewhere null for a model or an app of ours
    public record Target(
            String served,
            @Nullable String as,
            @Nullable String model,
            @Nullable Elsewhere elsewhere) {
        /// Whether its replicas are ours to scale.
        public boolean isOurs() {
            return elsewhere == null;
        }

        public @Nullable AnthropicRules anthropic() {
            return elsewhere == null ? null : elsewhere.anthropic();
        }
    }

    /// @param basePath of its URL, without a slash at the end
    /// @param host for the `Host` header
    /// @param credential null when what the client sent is passed on
    /// @param anthropic null for one that speaks as its clients do
    public record Elsewhere(
            String basePath,
            Header host,
            @Nullable Header credential,
            @Nullable AnthropicRules anthropic) {
        static Elsewhere of(
                URI url, @Nullable Header credential, @Nullable AnthropicRules anthropic) {
            String path = url.getRawPath();
            String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return new Elsewhere(
                    base,
                    io.helidon.http.HeaderValues.create(HeaderNames.HOST, url.getRawAuthority()),
                    credential,
                    anthropic);
        }
    }

    /// All in nanoseconds.
    ///
    /// @param reach how long a request waits when no replica can be reached
    public record Patience(long request, long firstByte, long idle, long reach) {}

    /// @param header null: the client's key decides
    public record Sticky(@Nullable HeaderName header) {}

    /// What is taken off a request's path; empty for nothing.
    public String taken() {
        return stripPath && path != null ? path : "";
    }

    public @Nullable LiveCanary canary() {
        return steering.canary();
    }

    boolean isConditional() {
        return !conditions.isEmpty();
    }
}
