package dev.tidemill.guardrails;

import java.util.List;

/// Makes guardrails that a file names by `plugin`. Found by [java.util.ServiceLoader]: name the
/// class in `META-INF/services/dev.tidemill.guardrails.GuardrailProvider` of a jar on
/// `TIDEMILL_CLASSPATH`.
public interface GuardrailProvider {
    /// As files name it.
    String name();

    /// @param settings of the file, as they stand there
    /// @throws IllegalArgumentException when they are wrong; the message says what is expected
    Guardrail create(List<String> settings);
}
