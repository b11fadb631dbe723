package dev.tidemill.gateway.guard;

import dev.tidemill.guardrails.Finding;
import dev.tidemill.guardrails.Guardrail;
import dev.tidemill.guardrails.GuardrailProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Finds one word, in any case: a guardrail as a user would write one.
public record WordGuardrail(String word) implements Guardrail {
    @Override
    public List<Finding> find(String text, int from) {
        List<Finding> found = new ArrayList<>();
        String lower = text.toLowerCase(Locale.ROOT);
        for (int at = lower.indexOf(word, from); at >= 0; at = lower.indexOf(word, at + 1)) {
            found.add(new Finding(at, at + word.length(), "[" + word.length() + "]", "word"));
        }
        return found;
    }

    @Override
    public int reach() {
        return word.length();
    }

    public static final class Provider implements GuardrailProvider {
        @Override
        public String name() {
            return "word";
        }

        @Override
        public Guardrail create(List<String> settings) {
            if (settings.size() != 1) {
                throw new IllegalArgumentException("settings: one word");
            }
            return new WordGuardrail(settings.getFirst());
        }
    }
}
