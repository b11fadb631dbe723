package dev.tidemill.server.modelconfig;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One message of a configuration, read field by field. It remembers which fields somebody asked
/// for: what nobody knows is a mistake.
final class Section {
    private final Findings findings;
    private final Scalars scalars;
    private final String path;
    private final String place;
    private final Map<String, List<Node.Field>> fields = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();

    Section(Findings findings, String path, String place, Node.Message message) {
        this.findings = findings;
        this.scalars = new Scalars(findings);
        this.path = path;
        this.place = place;
        for (Node.Field field : message.fields()) {
            fields.computeIfAbsent(field.name(), _ -> new ArrayList<>()).add(field);
        }
    }

    String place() {
        return place;
    }

    String path() {
        return path;
    }

    String path(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    Findings findings() {
        return findings;
    }

    boolean has(String field) {
        known.add(field);
        return fields.containsKey(field);
    }

    /// Empty when it is not there.
    String text(String field) {
        return single(field).map(found -> text(found)).orElse("");
    }

    boolean flag(String field) {
        return single(field).map(found -> scalars.flag(found, path(field))).orElse(false);
    }

    Optional<Long> number(String field, long min, long max) {
        return single(field).map(found -> number(found, min, max));
    }

    long number(String field, long min, long max, long otherwise) {
        return number(field, min, max).orElse(otherwise);
    }

    List<Long> numbers(String field, long min, long max) {
        return all(field).stream().map(found -> number(found, min, max)).toList();
    }

    /// One of the given words, or `otherwise`.
    <T> T word(String field, Map<String, T> words, T otherwise) {
        Optional<Node.Field> found = single(field);
        if (found.isEmpty()) {
            return otherwise;
        }
        if (found.get().value() instanceof Node.Scalar(var kind, var text)
                && (kind == Node.Kind.WORD || findings.json())
                && words.containsKey(text)) {
            return words.get(text);
        }
        wrong(found.get(), "one of " + String.join(", ", new TreeSet<>(words.keySet())));
        return otherwise;
    }

    Optional<Section> section(String field) {
        return single(field).flatMap(found -> section(found, path(field)));
    }

    List<Section> sections(String field) {
        List<Section> sections = new ArrayList<>();
        for (Node.Field found : all(field)) {
            section(found, "%s[%d]".formatted(path(field), sections.size()))
                    .ifPresent(sections::add);
        }
        return sections;
    }

    /// The entries of a map, in text format `{ key: ... value: ... }` each.
    Map<String, Node.Field> map(String field) {
        Map<String, Node.Field> entries = new LinkedHashMap<>();
        for (Node.Field found : all(field)) {
            if (findings.json() && found.value() instanceof Node.Message(var inside)) {
                inside.forEach(entry -> entries.put(entry.name(), entry));
                continue;
            }
            Optional<Section> entry = section(found, path(field));
            if (entry.isEmpty()) {
                continue;
            }
            String key = entry.get().single("key").map(Scalars::raw).orElse("");
            Optional<Node.Field> value = entry.get().single("value");
            entry.get().finish();
            Node.Field named =
                    value.map(v -> new Node.Field(key, v.place(), v.value()))
                            .orElse(
                                    new Node.Field(
                                            key, found.place(), new Node.Message(List.of())));
            if (entries.put(key, named) != null) {
                findings.wrong(found.place(), path(field), key, "each key once");
            }
        }
        return entries;
    }

    /// The texts of a map.
    Map<String, String> texts(String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        map(field).forEach((key, value) -> texts.put(key, text(value)));
        return texts;
    }

    /// The messages of a map.
    Map<String, Section> sectionMap(String field) {
        Map<String, Section> sections = new LinkedHashMap<>();
        map(field)
                .forEach((key, value) ->
                        section(value, "%s[%s]".formatted(path(field), key))
                                .ifPresent(section -> sections.put(key, section)));
        return sections;
    }

    /// Known, without effect here.
    void ignored(String reason, String... names) {
        for (String name : names) {
            if (has(name)) {
                findings.ignored(path(name), reason);
            }
        }
    }

    /// Known, and the model could not be served as meant.
    void unsupported(String reason, String... names) {
        for (String name : names) {
            for (Node.Field field : all(name)) {
                findings.wrong(field.place(), path(name), "given", "nothing: " + reason);
            }
        }
    }

    /// A flag that must not be set.
    void unsupportedWhenTrue(String field, String reason) {
        Optional<Node.Field> found = single(field);
        if (found.isPresent() && scalars.flag(found.get(), path(field))) {
            findings.wrong(found.get().place(), path(field), "true", "false: " + reason);
        }
    }

    /// Refuses the fields that nobody asked for.
    void finish() {
        fields.forEach((name, found) -> {
            if (!known.contains(name)) {
                findings.wrong(
                        found.getFirst().place(),
                        path.isEmpty() ? "field" : path,
                        name,
                        Nearest.to(name, known)
                                .map(near -> near + "?")
                                .orElse("one of " + String.join(", ", known)));
            }
        });
    }

    private List<Node.Field> all(String field) {
        known.add(field);
        return fields.getOrDefault(field, List.of());
    }

    private Optional<Node.Field> single(String field) {
        List<Node.Field> all = all(field);
        if (all.size() > 1) {
            findings.wrong(all.get(1).place(), path(field), "twice", "once");
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    private Optional<Section> section(Node.Field field, String itsPath) {
        if (field.value() instanceof Node.Message message) {
            return Optional.of(new Section(findings, itsPath, field.place(), message));
        }
        wrong(field, "a message in {}");
        return Optional.empty();
    }

    private String text(Node.Field field) {
        return scalars.text(field, path(field.name()));
    }

    private long number(Node.Field field, long min, long max) {
        return scalars.number(field, path(field.name()), min, max);
    }

    private void wrong(Node.Field field, String expected) {
        scalars.wrong(field, path(field.name()), expected);
    }
}
