package dev.tidemill.gateway.guard;

import dev.tidemill.guardrails.Guardrail;
import dev.tidemill.testkit.GuardrailContract;
import java.util.List;

/// A guardrail as a user would write one, by the contract that a user's must pass.
final class WordGuardrailTest extends GuardrailContract {
    @Override
    protected Guardrail guardrail() {
        return new WordGuardrail.Provider().create(List.of("neptune"));
    }

    @Override
    protected List<String> samples() {
        return List.of("the neptune project", "(NEPTUNE)");
    }
}
