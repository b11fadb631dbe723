package dev.tidemill.gateway.guard;

import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.guardrails.Guardrail;
import dev.tidemill.guardrails.GuardrailProvider;
import dev.tidemill.guardrails.Look;
import dev.tidemill.guardrails.NamedPattern;
import dev.tidemill.guardrails.PatternGuardrail;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;

/// One guardrail of a configuration, ready to look. Immutable.
///
/// @param input looks at requests
/// @param output looks at answers
public record Guard(AnswerRules.Guard rule, List<Look> input, List<Look> output) {
    public Guard {
        input = List.copyOf(input);
        output = List.copyOf(output);
    }

    /// @throws IllegalArgumentException when an expression or a plugin's settings are wrong
    static Guard of(AnswerRules.Guard rule) {
        List<Look> input = new ArrayList<>();
        List<Look> output = new ArrayList<>();
        for (AnswerRules.Pattern pattern : rule.patterns()) {
            Look look =
                    new Look(
                            rule.name(),
                            guardrail(pattern),
                            Look.Action.valueOf(pattern.action().toUpperCase(Locale.ROOT)));
            if (pattern.input()) {
                input.add(look);
            }
            if (pattern.output()) {
                output.add(look);
            }
        }
        return new Guard(rule, input, output);
    }

    private static Guardrail guardrail(AnswerRules.Pattern pattern) {
        if (pattern.named().isPresent()) {
            NamedPattern named =
                    NamedPattern.of(pattern.named().get())
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "pattern '%s' is not known"
                                                    .formatted(pattern.named().get())));
            return named.guardrail(pattern.replacement().orElse(named.replacement()));
        }
        if (pattern.regex().isPresent()) {
            return new PatternGuardrail(
                    pattern.regex().get(),
                    pattern.window(),
                    pattern.replacement().orElse("[REDACTED]"),
                    "regex");
        }
        String name = pattern.plugin().orElse("");
        for (GuardrailProvider provider : ServiceLoader.load(GuardrailProvider.class)) {
            if (provider.name().equals(name)) {
                return provider.create(pattern.settings());
            }
        }
        throw new IllegalArgumentException(
                "plugin '%s' is not on TIDEMILL_CLASSPATH".formatted(name));
    }
}
