package dev.tidemill.manifests.crd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a file's keys must be to one another, as far as it can be said of one document. The
/// sentences are those of `spec`'s readers, which a test holds together.
final class KeyRules {
    private KeyRules() {}

    /// @param path of the mapping that the rules are about
    static List<Rule> of(String kind, String path) {
        List<Rule> rules = new ArrayList<>();
        switch (path) {
            case "spec" -> {
                if (kind.equals("Model")) {
                    rules.add(sharing());
                } else if (kind.equals("App")) {
                    rules.add(
                            Rule.ofKey(
                                    "image",
                                    "has(self.image)",
                                    "missing",
                                    "an image, which a cluster runs"));
                } else if (kind.equals("Training")) {
                    rules.addAll(text());
                    rules.addAll(ProgramRules.all());
                }
            }
            case "spec.scaling" -> rules.addAll(bounds());
            case "spec.dataset" -> {
                rules.add(notTheLabel("text"));
                rules.add(notTheLabel("group"));
            }
            case "spec.features.ngrams" -> rules.add(atMostMax());
            case "spec.evaluation" ->
                    rules.add(
                            new Rule(
                                    "!(has(self.holdout) && has(self.folds))",
                                    "(expected: either holdout or folds)",
                                    Optional.empty(),
                                    Optional.of("folds"),
                                    false));
            case "spec.routes[].upstreams[].key", "spec.limits.shared.password" ->
                    rules.add(
                            Rule.ofKey(
                                    "env",
                                    "has(self.env) != has(self.file)",
                                    "missing",
                                    "one of env or file"));
            case "spec.routes[].match[]" -> rules.add(oneWay());
            case "spec.pod.tolerations[]" -> rules.addAll(toleration());
            default -> {}
        }
        return rules;
    }

    private static Rule sharing() {
        String end = "' counts)";
        return Rule.saying(
                "scaling",
                "!(has(self.sharesReplicasWith) && has(self.scaling))",
                Cel.text("'{...}' (expected: no scaling beside sharesReplicasWith: that of '")
                        + " + self.sharesReplicasWith + "
                        + Cel.text(end),
                "'{...}' (expected: no scaling beside sharesReplicasWith)");
    }

    private static List<Rule> text() {
        return List.of(
                Rule.ofKey(
                        "features",
                        "!has(self.features) || !has(self.dataset) || has(self.dataset.text)",
                        "{...}",
                        "dataset.text, the column to make them of, or no features"),
                Rule.ofKey(
                        "dataset",
                        "!has(self.dataset) || !has(self.dataset.text) || has(self.features)",
                        "{...}",
                        "spec.features too, such as features: {}"));
    }

    private static List<Rule> bounds() {
        return List.of(
                Rule.saying(
                        "min",
                        "!has(self.min) || !has(self.max) || self.min <= self.max",
                        "",
                        "(expected: at most max)"),
                Rule.ofKey(
                        "schedules",
                        "!has(self.schedules) || self.schedules.all(s, !has(s.min) || s.min <="
                                + " (has(self.max) ? self.max : (has(self.min) && self.min > 4 ?"
                                + " self.min : 4)))",
                        "[...]",
                        "each min at most max"));
    }

    private static Rule atMostMax() {
        String max = "(has(self.max) ? self.max : 4)";
        return Rule.saying(
                "min", "!has(self.min) || self.min <= " + max, "", "(expected: at most max)");
    }

    private static Rule notTheLabel(String key) {
        return Rule.saying(
                key,
                "!has(self.%1$s) || !has(self.label) || self.%1$s != self.label".formatted(key),
                "\"'\" + self.%s + \"' (expected: a column other than the label)\"".formatted(key),
                "(expected: a column other than the label)");
    }

    private static Rule oneWay() {
        return Rule.ofKey(
                "header",
                "(has(self.header) ? 1 : 0) + (has(self.cookie) ? 1 : 0) + (has(self.percent) ? 1 : 0)"
                        + " == 1",
                "missing",
                "one of header, cookie or percent");
    }

    private static List<Rule> toleration() {
        return List.of(
                Rule.saying(
                        "value",
                        "!(has(self.value) && has(self.operator) && self.operator == \"Exists\")",
                        "\"'\" + self.value + \"' (expected: no value beside operator: Exists)\"",
                        "(expected: no value beside operator: Exists)"),
                Rule.ofKey(
                        "key",
                        "has(self.key) || (has(self.operator) && self.operator == \"Exists\")",
                        "missing",
                        "a key, or operator: Exists"));
    }
}
