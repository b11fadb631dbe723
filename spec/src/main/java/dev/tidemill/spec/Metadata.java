package dev.tidemill.spec;

/// @param name unique among the resources of its kind; a DNS label
/// @param description for people; empty when not given
public record Metadata(String name, String description) {}
