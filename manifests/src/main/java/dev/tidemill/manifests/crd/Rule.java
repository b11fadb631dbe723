package dev.tidemill.manifests.crd;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One entry of `x-kubernetes-validations`.
///
/// @param message what is said when `sentence` cannot be made
/// @param sentence an expression for what is said about the value at hand
/// @param key of the mapping, which the message is about; empty for the value itself
record Rule(
        String expression,
        String message,
        Optional<String> sentence,
        Optional<String> key,
        boolean missing) {

    static Rule ofValue(String expression, String expected, Optional<String> sentence) {
        return new Rule(
                expression,
                "(expected: %s)".formatted(expected),
                sentence,
                Optional.empty(),
                false);
    }

    static Rule required(String key, String expected) {
        return new Rule(
                "has(self.%s)".formatted(escaped(key)),
                "'missing' (expected: %s)".formatted(expected),
                Optional.empty(),
                Optional.of(key),
                true);
    }

    /// @param value as the command line shows it, such as `{...}`
    static Rule ofKey(String key, String expression, String value, String expected) {
        return new Rule(
                expression,
                "'%s' (expected: %s)".formatted(value, expected),
                Optional.empty(),
                Optional.of(key),
                false);
    }

    /// @param sentence an expression; empty for none
    static Rule saying(String key, String expression, String sentence, String otherwise) {
        return new Rule(
                expression,
                otherwise,
                Optional.of(sentence).filter(made -> !made.isEmpty()),
                Optional.of(key),
                false);
    }

    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("rule", expression);
        tree.put("message", message);
        sentence.ifPresent(made -> tree.put("messageExpression", made));
        key.ifPresent(name -> tree.put("fieldPath", "." + name));
        if (missing) {
            tree.put("reason", "FieldValueRequired");
        }
        return tree;
    }

    /// A property as CEL must be asked for it.
    static String escaped(String key) {
        return switch (key) {
            case "in",
                    "as",
                    "break",
                    "const",
                    "continue",
                    "else",
                    "for",
                    "function",
                    "if",
                    "import",
                    "let",
                    "loop",
                    "package",
                    "namespace",
                    "return",
                    "var",
                    "void",
                    "while",
                    "null",
                    "true",
                    "false" ->
                    "__" + key + "__";
            default -> key;
        };
    }
}
