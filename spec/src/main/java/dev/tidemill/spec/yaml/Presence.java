package dev.tidemill.spec.yaml;

/// What holds when a key is not given.
public sealed interface Presence {
    /// Its absence is a problem.
    record Required() implements Presence {}

    /// @param text the value that then holds, as it would be written
    record Default(String text) implements Presence {}

    /// @param meaning what then happens, for the reference; may be empty
    record Optional(String meaning) implements Presence {}

    static Presence required() {
        return new Required();
    }

    static Presence otherwise(String text) {
        return new Default(text);
    }

    static Presence optional() {
        return new Optional("");
    }

    static Presence optional(String meaning) {
        return new Optional(meaning);
    }
}
