package dev.tidemill.spec;

import dev.tidemill.guardrails.NamedPattern;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Reads the guardrails of a gateway.
final class GuardReader {
    private final ScopeReader scopes;
    private final OwnNames names = new OwnNames("guardrail");

    GuardReader(ScopeReader scopes) {
        this.scopes = scopes;
    }

    List<GatewayAnswers.Guardrail> read(List<MappingCursor> given) {
        List<GatewayAnswers.Guardrail> read = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            read.add(read(given.get(i), i));
        }
        return read;
    }

    private GatewayAnswers.Guardrail read(MappingCursor rule, int index) {
        GatewayAnswers.Guardrail read =
                new GatewayAnswers.Guardrail(
                        names.take(rule, GuardKeys.NAME, index),
                        scopes.read(rule),
                        rule.find(GuardKeys.MAX_INPUT_TOKENS),
                        rule.find(GuardKeys.MAX_MESSAGES),
                        rule.find(GuardKeys.MAX_OUTPUT_TOKENS),
                        rule.get(GuardKeys.CLAMP),
                        rule.children(GuardKeys.PATTERNS).stream()
                                .map(GuardReader::pattern)
                                .toList());
        if (!rule.has(GuardKeys.MAX_INPUT_TOKENS)
                && !rule.has(GuardKeys.MAX_MESSAGES)
                && !rule.has(GuardKeys.MAX_OUTPUT_TOKENS)
                && !rule.has(GuardKeys.PATTERNS)) {
            rule.problem(
                    GuardKeys.PATTERNS,
                    "patterns, or one of maxInputTokens, maxMessages and maxOutputTokens");
        }
        if (rule.has(GuardKeys.CLAMP) && !rule.has(GuardKeys.MAX_OUTPUT_TOKENS)) {
            rule.problem(GuardKeys.MAX_OUTPUT_TOKENS, "given where there is an overMaxOutput");
        }
        return read;
    }

    private static GatewayAnswers.Pattern pattern(MappingCursor in) {
        int kinds =
                (in.has(GuardKeys.PATTERN) ? 1 : 0)
                        + (in.has(GuardKeys.REGEX) ? 1 : 0)
                        + (in.has(GuardKeys.PLUGIN) ? 1 : 0);
        if (kinds != 1) {
            in.problem(GuardKeys.PATTERN, "exactly one of pattern, regex and plugin");
        }
        Set<GatewayAnswers.Side> on = EnumSet.noneOf(GatewayAnswers.Side.class);
        in.items(GuardKeys.ON).stream().map(Located::value).forEach(on::add);
        return new GatewayAnswers.Pattern(
                in.find(GuardKeys.PATTERN).map(NamedPattern::text),
                in.find(GuardKeys.REGEX),
                in.find(GuardKeys.PLUGIN),
                in.items(GuardKeys.SETTINGS).stream().map(Located::value).toList(),
                on.isEmpty() ? EnumSet.allOf(GatewayAnswers.Side.class) : on,
                in.get(GuardKeys.ACTION),
                in.find(GuardKeys.REPLACEMENT),
                in.get(GuardKeys.WINDOW));
    }
}
