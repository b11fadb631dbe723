package dev.tidemill.spec;

/// Which version of a registered model.
public sealed interface Selector {
    /// The newest version.
    record Latest() implements Selector {}

    /// The version that the alias points to now.
    record Alias(String alias) implements Selector {}

    /// @param number 1, 2, 3, ...
    record Version(int number) implements Selector {}
}
