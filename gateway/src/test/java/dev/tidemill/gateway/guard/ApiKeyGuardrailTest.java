package dev.tidemill.gateway.guard;

import dev.tidemill.guardrails.Guardrail;
import dev.tidemill.guardrails.NamedPattern;
import dev.tidemill.testkit.GuardrailContract;
import java.util.List;

final class ApiKeyGuardrailTest extends GuardrailContract {
    @Override
    protected Guardrail guardrail() {
        return NamedPattern.API_KEY.guardrail("[API_KEY]");
    }

    @Override
    protected List<String> samples() {
        return List.of("key: sk-" + "aB3_".repeat(60) + " end", "eyJhbGciOiJIUzI1NiJ9.e30.x-y_z;");
    }
}
