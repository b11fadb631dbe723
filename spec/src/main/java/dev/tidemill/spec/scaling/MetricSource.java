package dev.tidemill.spec.scaling;

/// Where a measure comes from that is not our own.
///
/// @param name by which metrics, triggers and decisions call it
/// @param server a Prometheus-compatible server's address
/// @param query in PromQL; its instant result is summed
public record MetricSource(String name, String server, String query) {}
