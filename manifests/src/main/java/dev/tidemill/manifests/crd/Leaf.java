package dev.tidemill.manifests.crd;

import dev.tidemill.spec.yaml.Form;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The schema of a scalar. Rules cost an API server time, which it counts before it accepts a
/// definition: where a scalar may occur very often a pattern, which costs it nothing, takes the
/// place of the rule, and its message is then Kubernetes' own.
///
/// @param times how often it may occur in one object
record Leaf(Form form, String expected, long times) {
    /// Of one rule, in the API server's units; a tenth of what it allows.
    private static final long BUDGET = 1_000_000;

    /// Room for texts that are too long, so that our rule says so and not only their length.
    private static final int ROOM = 4;

    static Leaf of(Form form, String expected, long times) {
        return new Leaf(form, expected, times);
    }

    Map<String, Object> schema(String description) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
        switch (form) {
            case Form.Text text -> text(schema, text);
            case Form.Whole(long min, long max) -> {
                schema.put("type", "integer");
                schema.put("format", "int64");
                schema.put("minimum", min);
                schema.put("maximum", max);
            }
            case Form.Decimal(double min, double max, boolean above) -> {
                schema.put("type", "number");
                schema.put("minimum", plain(min));
                if (above) {
                    schema.put("exclusiveMinimum", true);
                }
                schema.put("maximum", plain(max));
            }
            case Form.Words(List<String> words) -> {
                schema.put("type", "string");
                schema.put("enum", words);
                schema.put("maxLength", 64);
            }
            case Form.Flag() -> schema.put("type", "boolean");
            case Form.Time(String _, String _) -> {
                schema.put("type", "string");
                schema.put("maxLength", 64);
            }
            case Form.Size(String _, String _) -> schema.put("x-kubernetes-int-or-string", true);
            case Form.NumberOrText(String pattern) -> {
                schema.put("x-kubernetes-preserve-unknown-fields", true);
                if (!pattern.isEmpty()) {
                    schema.put("pattern", Cel.whole(pattern));
                }
            }
        }
        rule().ifPresent(rule -> schema.put("x-kubernetes-validations", List.of(rule.tree())));
        return schema;
    }

    private void text(Map<String, Object> schema, Form.Text text) {
        schema.put("type", "string");
        boolean rule = rule().isPresent();
        schema.put("maxLength", rule ? text.maxLength() * ROOM : text.maxLength());
        if (!rule && !text.pattern().isEmpty()) {
            schema.put("pattern", Cel.whole(text.pattern()));
        }
    }

    private Optional<Rule> rule() {
        return cost() * times > BUDGET
                ? Optional.empty()
                : Cel.rule(form)
                        .map(expression ->
                                Rule.ofValue(expression, expected, Cel.sentence(form, expected)));
    }

    /// About what an API server reckons for one value.
    private long cost() {
        return switch (form) {
            case Form.Text(int max, String pattern) ->
                    (max * ROOM / 10 + 2) * (pattern.length() / 4 + 2L) + max;
            case Form.Whole _, Form.Decimal _, Form.Flag _ -> 10;
            case Form.Words(List<String> words) -> 10L * words.size();
            case Form.Time _ -> 300;
            // The server does not know how long these are, and takes the longest request for it.
            case Form.Size _ -> BUDGET;
            case Form.NumberOrText _ -> 0;
        };
    }

    private static Object plain(double value) {
        return value == Math.rint(value) ? (Object) (long) value : (Object) value;
    }
}
