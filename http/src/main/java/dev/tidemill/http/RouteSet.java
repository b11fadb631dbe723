package dev.tidemill.http;

/// A group of routes that belong together, such as one protocol's.
@FunctionalInterface
public interface RouteSet {
    void register(Routes routes);
}
