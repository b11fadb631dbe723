package dev.tidemill.manifests.crd;

import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Structural schemas of the keys of one kind.
///
/// @param kind for the rules between keys
record Schemas(String kind) {
    /// Of a mapping with any keys, see [Key.Pairs].
    private static final int PAIRS = 100;

    /// @param path of the mapping, such as `spec.scaling`
    /// @param times how often it may occur in one object
    Map<String, Object> mapping(String path, Shape shape, String description, long times) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<Rule> rules = new ArrayList<>();
        List<String> required = new ArrayList<>();
        for (Key key : shape.keys()) {
            properties.put(key.name(), property(path + "." + key.name(), key, times));
            if (isRequired(key) && isSeen(key)) {
                rules.add(Rule.required(key.name(), key.expected()));
            } else if (isRequired(key)) {
                required.add(key.name());
            }
        }
        rules.addAll(KeyRules.of(kind, path));
        Map<String, Object> schema = described("object", description);
        if (!properties.isEmpty()) {
            schema.put("properties", properties);
        }
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        put(schema, rules);
        return schema;
    }

    /// A value of several types is nothing that a rule could ask for.
    private static boolean isSeen(Key key) {
        return !(key instanceof Key.Value<?> value
                && value.type().form() instanceof Form.NumberOrText);
    }

    private static boolean isRequired(Key key) {
        return switch (key) {
            case Key.Value<?> value -> value.presence() instanceof Presence.Required;
            case Key.Section section -> section.presence() instanceof Presence.Required;
            case Key.Sections sections -> sections.presence() instanceof Presence.Required;
            case Key.Tree tree -> tree.presence() instanceof Presence.Required;
            case Key.Values<?> _, Key.Pairs<?> _, Key.Labels _ -> false;
        };
    }

    private Map<String, Object> property(String path, Key key, long times) {
        return switch (key) {
            case Key.Value<?> value ->
                    Leaf.of(value.type().form(), value.type().expected(), times)
                            .schema(described(value));
            case Key.Values<?> values -> {
                Map<String, Object> schema = described("array", values.meaning());
                schema.put("maxItems", values.max());
                schema.put(
                        "items",
                        Leaf.of(
                                        values.item().form(),
                                        values.item().expected(),
                                        times * values.max())
                                .schema(""));
                yield schema;
            }
            case Key.Section section -> mapping(path, section.shape(), described(section), times);
            case Key.Sections sections -> list(path, sections, times);
            case Key.Pairs<?> pairs -> pairs(pairs, times);
            case Key.Labels labels -> {
                Map<String, Object> schema = described("object", labels.meaning());
                schema.put("maxProperties", labels.max());
                schema.put("additionalProperties", Leaf.of(Form.ANY_TEXT, "", times).schema(""));
                yield schema;
            }
            case Key.Tree tree -> {
                Map<String, Object> schema = described("object", tree.meaning());
                schema.put("x-kubernetes-preserve-unknown-fields", true);
                yield schema;
            }
        };
    }

    private Map<String, Object> list(String path, Key.Sections key, long times) {
        Map<String, Object> schema = described("array", key.meaning());
        if (key.min() > 0) {
            schema.put("minItems", key.min());
        }
        schema.put("maxItems", key.max());
        schema.put("items", mapping(path + "[]", key.item(), "", times * key.max()));
        return schema;
    }

    private static Map<String, Object> pairs(Key.Pairs<?> key, long times) {
        Map<String, Object> schema = described("object", key.meaning());
        schema.put("maxProperties", PAIRS);
        schema.put(
                "additionalProperties",
                Leaf.of(key.value().form(), key.value().expected(), times * PAIRS).schema(""));
        // A rule about names needs values that have a type.
        if (!(key.value().form() instanceof Form.NumberOrText)
                && key.key().form() instanceof Form.Text(int _, String pattern)
                && !pattern.isEmpty()) {
            put(
                    schema,
                    List.of(
                            new Rule(
                                    "self.all(key, key.matches(%s))"
                                            .formatted(Cel.text(Cel.whole(pattern))),
                                    "(expected: %s)".formatted(key.key().expected()),
                                    Optional.empty(),
                                    Optional.empty(),
                                    false)));
        }
        return schema;
    }

    private static void put(Map<String, Object> schema, List<Rule> rules) {
        if (!rules.isEmpty()) {
            schema.put("x-kubernetes-validations", rules.stream().map(Rule::tree).toList());
        }
    }

    private static Map<String, Object> described(String type, String meaning) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (!meaning.isEmpty()) {
            schema.put("description", meaning);
        }
        schema.put("type", type);
        return schema;
    }

    private static String described(Key.Value<?> key) {
        return "%s Expected: %s.%s"
                .formatted(key.meaning(), key.type().expected(), absent(key.presence()));
    }

    private static String described(Key.Section key) {
        return key.meaning();
    }

    private static String absent(Presence presence) {
        return switch (presence) {
            case Presence.Required() -> " Required.";
            case Presence.Default(String text) -> " Default: %s.".formatted(text);
            case Presence.Optional(String meaning) ->
                    meaning.isEmpty() ? "" : " When not given: %s.".formatted(meaning);
        };
    }
}
