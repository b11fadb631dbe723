package dev.tidemill.routing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the model that a path leads to: the longest configured path that is the request's or above
/// it, where `/v2/models/NAME` counts as configured for every model. Immutable.
public final class RouteTable {
    private static final String MODELS = "/v2/models/";

    /// Servers that know path parameters read `/..;x/` as `/../`.
    private static final Pattern PARAMETER = Pattern.compile(";[^/]*");

    private static final RouteMatch NO_ROUTE = new RouteMatch.NoRoute();

    private final Map<String, RouteMatch> byName = new HashMap<>();
    private final Map<String, RouteMatch> byPath = new HashMap<>();

    /// @param routes the last of two with one path wins
    /// @param models that are served
    public RouteTable(Collection<PathRoute> routes, Collection<String> models) {
        for (String model : models) {
            byName.put(model, new RouteMatch.ByName(model));
        }
        for (PathRoute route : routes) {
            byPath.put(route.path(), new RouteMatch.ByPath(route.model(), route.path()));
        }
    }

    /// @param rawPath as it came, with its percent-encodings and without the query
    public RouteMatch match(String rawPath) {
        if (hasDotSegment(rawPath)) {
            return new RouteMatch.Ambiguous();
        }
        int nameEnd = endOfName(rawPath);
        if (!byPath.isEmpty()) {
            RouteMatch route = longest(rawPath, nameEnd);
            if (route != null) {
                return route;
            }
        }
        if (nameEnd < 0) {
            return NO_ROUTE;
        }
        String name = rawPath.substring(MODELS.length(), nameEnd);
        RouteMatch model = byName.get(name);
        return model != null ? model : encoded(name);
    }

    /// Configured paths, longest first, down to those that `/v2/models/NAME` is longer than.
    private @Nullable RouteMatch longest(String rawPath, int nameEnd) {
        int shortest = Math.max(1, nameEnd);
        for (int end = rawPath.length(); end >= shortest; end = rawPath.lastIndexOf('/', end - 1)) {
            RouteMatch route = byPath.get(rawPath.substring(0, end));
            if (route != null) {
                return route;
            }
        }
        return nameEnd < 0 ? byPath.get("/") : null;
    }

    /// Where the model's name ends in `/v2/models/NAME...`; -1 when the path has none.
    private static int endOfName(String rawPath) {
        if (!rawPath.startsWith(MODELS) || rawPath.length() == MODELS.length()) {
            return -1;
        }
        int slash = rawPath.indexOf('/', MODELS.length());
        int end = slash < 0 ? rawPath.length() : slash;
        return end == MODELS.length() ? -1 : end;
    }

    private RouteMatch encoded(String name) {
        if (name.indexOf('%') < 0) {
            return new RouteMatch.UnknownModel(name);
        }
        try {
            String decoded = URLDecoder.decode(name, StandardCharsets.UTF_8);
            RouteMatch model = byName.get(decoded);
            return model != null ? model : new RouteMatch.UnknownModel(decoded);
        } catch (IllegalArgumentException e) {
            return new RouteMatch.UnknownModel(name);
        }
    }

    private static boolean hasDotSegment(String rawPath) {
        if (!rawPath.contains("/.") && rawPath.indexOf('%') < 0) {
            return false;
        }
        String decoded =
                rawPath.toLowerCase(Locale.ROOT)
                        .replace("%2e", ".")
                        .replace("%2f", "/")
                        .replace("%3b", ";");
        String plain = PARAMETER.matcher(decoded).replaceAll("") + "/";
        return plain.contains("/./") || plain.contains("/../");
    }
}
