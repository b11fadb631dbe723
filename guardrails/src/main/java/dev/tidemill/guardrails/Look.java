package dev.tidemill.guardrails;

import java.util.Objects;

/// A guardrail and what is done about what it finds.
///
/// @param owner the name of the rule that wants it
public record Look(String owner, Guardrail guardrail, Action action) {
    public Look {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(guardrail, "guardrail");
        Objects.requireNonNull(action, "action");
    }

    /// What is done about a finding, the mildest first.
    public enum Action {
        /// It is told, and passes.
        FLAG,

        /// Something else stands in its place.
        REDACT,

        /// The request, or the answer, does not pass.
        REFUSE
    }

    /// Is told of what was found.
    @FunctionalInterface
    public interface Listener {
        /// May throw to refuse.
        void found(Look look, String what);
    }
}
