package dev.tidemill.cli.up;

import java.util.List;

/// JVM flags of the processes that there is one of.
final class ServiceFlags {
    /// Room for a training: the data set, its features, and the folds' models.
    static final List<String> CONTROL = List.of("-Xmx512m", "-Xss1m");

    static final List<String> GATEWAY = List.of("-Xmx128m", "-Xms32m", "-Xss512k");

    private ServiceFlags() {}
}
