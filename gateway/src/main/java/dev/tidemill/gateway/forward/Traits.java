package dev.tidemill.gateway.forward;

import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.routing.RequestTraits;
import dev.tidemill.routing.RouteCondition;
import dev.tidemill.routing.StickyShare;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What decides which of several routes and upstreams a request gets.
public record Traits(Headers headers, Caller caller, Supplier<? extends RandomGenerator> random) {
    /// The first whose conditions hold.
    public @Nullable Destination choose(List<Destination> destinations) {
        for (int i = 0; i < destinations.size(); i++) {
            Destination destination = destinations.get(i);
            if (destination.conditions().isEmpty()
                    || RouteCondition.all(destination.conditions(), new View(this, destination))) {
                return destination;
            }
        }
        return null;
    }

    /// Where among a destination's targets the request falls, from 0 to 1.
    public double split(Destination destination) {
        return destination.targets().size() == 1 ? 0 : share(destination, "split");
    }

    private double share(Destination destination, String purpose) {
        Destination.Sticky sticky = destination.sticky();
        if (sticky != null) {
            String value = sticky.header() == null ? caller.identity() : header(sticky.header());
            if (value != null && !value.isEmpty()) {
                return StickyShare.of(purpose + " " + destination.name(), value);
            }
        }
        return random.get().nextDouble();
    }

    private @Nullable String header(HeaderName name) {
        return headers.contains(name) ? headers.get(name).get() : null;
    }

    private record View(Traits traits, Destination destination) implements RequestTraits {
        @Override
        public @Nullable String header(String name) {
            return traits.header(HeaderNames.create(name));
        }

        @Override
        public @Nullable String cookie(String name) {
            if (!traits.headers.contains(HeaderNames.COOKIE)) {
                return null;
            }
            for (String line : traits.headers.get(HeaderNames.COOKIE).allValues()) {
                for (String pair : line.split(";", -1)) {
                    int equals = pair.indexOf('=');
                    if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                        return pair.substring(equals + 1).strip();
                    }
                }
            }
            return null;
        }

        @Override
        public double share() {
            return traits.share(destination, "match");
        }
    }
}
