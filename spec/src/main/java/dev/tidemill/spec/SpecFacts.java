package dev.tidemill.spec;

/// The facts outside a file that its resources depend on.
public record SpecFacts(RegistryFacts registry, MachineFacts machine) {}
