package dev.tidemill.routing;

/// A path that leads to a model.
///
/// @param path begins with `/`; stands for itself and everything below it
public record PathRoute(String path, String model) {
    public PathRoute {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(
                    "route: '%s' (expected: a path that begins with /)".formatted(path));
        }
        path =
                path.length() > 1 && path.endsWith("/")
                        ? path.substring(0, path.length() - 1)
                        : path;
    }
}
