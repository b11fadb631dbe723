package dev.tidemill.gateway.guard;

import dev.tidemill.guardrails.Guardrail;
import dev.tidemill.guardrails.NamedPattern;
import dev.tidemill.testkit.GuardrailContract;
import java.util.List;

final class EmailGuardrailTest extends GuardrailContract {
    @Override
    protected Guardrail guardrail() {
        return NamedPattern.EMAIL.guardrail("[EMAIL]");
    }

    @Override
    protected List<String> samples() {
        return List.of("to bob@example.com, please", "a.b+c@d-e.example.co.uk.");
    }
}
