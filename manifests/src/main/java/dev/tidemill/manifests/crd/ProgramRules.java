package dev.tidemill.manifests.crd;

import java.util.ArrayList;
import java.util.List;

/// What a training with a program of one's own has that others have not, and the other way round.
final class ProgramRules {
    private static final String PROGRAM = "(has(self.trainer) && self.trainer == \"program\")";

    private ProgramRules() {}

    static List<Rule> all() {
        List<Rule> rules = new ArrayList<>();
        rules.add(
                Rule.ofKey(
                        "job",
                        "!%s || (has(self.job) && has(self.job.image))".formatted(PROGRAM),
                        "missing",
                        "a job with the image that trainer: program runs"));
        rules.add(
                Rule.ofKey(
                        "dataset",
                        "%s || !has(self.dataset) || has(self.dataset.label)".formatted(PROGRAM),
                        "{...}",
                        "the name of a column, at most 200 characters"));
        rules.add(
                Rule.ofKey(
                        "gates",
                        "%s || !has(self.gates) || self.gates.all(gate, !has(gate.metric) ||"
                                        .formatted(PROGRAM)
                                + " gate.metric in [\"accuracy\", \"precision\", \"recall\"])",
                        "[...]",
                        "accuracy, precision or recall"));
        // Words may be numbers too, and what is of several types no rule can ask for: the operator
        // says what is wrong with command, args and env.
        for (String key : List.of("image", "trainJob")) {
            rules.add(
                    Rule.ofKey(
                            "job",
                            "%s || !has(self.job) || !has(self.job.%s)".formatted(PROGRAM, key),
                            "{...}",
                            "trainer: program, which it is for"));
        }
        rules.add(
                Rule.ofKey(
                        "parameters",
                        "!%s || !has(self.parameters)".formatted(PROGRAM),
                        "{...}",
                        "no parameters with trainer: program, which has them in job.env"));
        for (String key : List.of("features", "evaluation")) {
            rules.add(
                    Rule.ofKey(
                            key,
                            "!%s || !has(self.%s)".formatted(PROGRAM, key),
                            "{...}",
                            "no %s with trainer: program, whose own it is".formatted(key)));
        }
        for (String key : List.of("text", "group")) {
            rules.add(
                    Rule.ofKey(
                            "dataset",
                            "!%s || !has(self.dataset) || !has(self.dataset.%s)"
                                    .formatted(PROGRAM, key),
                            "{...}",
                            "no %s with trainer: program, whose own it is".formatted(key)));
        }
        return rules;
    }
}
