package dev.tidemill.spec.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Reads one mapping by the keys of its shape. Unknown and repeated keys are found when it opens,
/// everything else when it is read; a refused value reads as its default or a placeholder, so that
/// reading always goes on. Not thread-safe.
public final class MappingCursor {
    private static final String MISSING = "missing";

    private final DocumentScope scope;
    private final String path;
    private final int line;
    private final Map<String, YamlNode.Entry> entries;

    /// Stands for a mapping that is absent or refused: nothing in it is missing.
    private final boolean silent;

    private final Set<String> faulty = new HashSet<>();

    private MappingCursor(
            DocumentScope scope,
            String path,
            int line,
            Map<String, YamlNode.Entry> entries,
            boolean silent) {
        this.scope = scope;
        this.path = path;
        this.line = line;
        this.entries = entries;
        this.silent = silent;
    }

    /// The outermost mapping of a document.
    public static MappingCursor root(DocumentScope scope, YamlNode.Mapping node, Shape shape) {
        return open(scope, "", node.line(), node, shape);
    }

    private static MappingCursor open(
            DocumentScope scope, String path, int line, YamlNode.Mapping node, Shape shape) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        MappingCursor cursor = new MappingCursor(scope, path, line, entries, false);
        List<String> known = shape.names();
        for (YamlNode.Entry entry : node.entries()) {
            YamlNode.Entry first = entries.putIfAbsent(entry.key(), entry);
            String shown = entry.value().shown();
            String at = cursor.pathOf(entry.key());
            if (first != null) {
                String expected = "the key once; it is also on line " + first.line();
                scope.problem(entry.line(), at, shown, expected);
            } else if (known.contains(entry.key())) {
                scope.seen(at, entry.line());
            } else {
                scope.problem(entry.line(), at, shown, cursor.instead(entry.key(), known));
            }
        }
        return cursor;
    }

    /// Whether the key is there, whatever its value.
    public boolean has(Key key) {
        return entries.containsKey(key.name());
    }

    /// Whether no problem was found when the key was read.
    public boolean isSound(Key key) {
        return !faulty.contains(key.name());
    }

    /// Line of the key, or of the mapping when the key is not given.
    public int lineOf(Key key) {
        YamlNode.Entry entry = entries.get(key.name());
        return entry == null ? line : entry.line();
    }

    public String pathOf(Key key) {
        return pathOf(key.name());
    }

    /// Adds a problem with the value of that key, or with its absence.
    public void problem(Key key, String expected) {
        YamlNode.Entry entry = entries.get(key.name());
        faulty.add(key.name());
        String value = entry == null ? MISSING : entry.value().shown();
        scope.problem(lineOf(key), pathOf(key), value, expected);
    }

    /// The value, its default, or after a problem a placeholder.
    public <T> T get(Key.Value<T> key) {
        return find(key).orElseGet(key::fallback);
    }

    /// The value when it was given and is right.
    public <T> Optional<T> find(Key.Value<T> key) {
        if (faulty.contains(key.name())) {
            return Optional.empty();
        }
        return present(key, key.presence())
                .flatMap(entry -> scalar(key.type(), entry.value(), key, pathOf(key)));
    }

    /// The value and its place, when it was given and is right.
    public <T> Optional<Located<T>> locate(Key.Value<T> key) {
        return find(key).map(value -> new Located<>(value, pathOf(key), lineOf(key)));
    }

    /// The right ones of a list of scalars.
    public <T> List<Located<T>> items(Key.Values<T> key) {
        List<Located<T>> items = new ArrayList<>();
        List<YamlNode> nodes = sequence(key, Presence.optional(), 0, key.max());
        for (int i = 0; i < nodes.size(); i++) {
            String at = pathOf(key) + "[" + i + "]";
            int itemLine = nodes.get(i).line();
            scope.seen(at, itemLine);
            scalar(key.item(), nodes.get(i), key, at)
                    .ifPresent(value -> items.add(new Located<>(value, at, itemLine)));
        }
        return items;
    }

    /// The words and texts under that key, in file order.
    public Map<String, String> labels(Key.Labels key) {
        Map<String, String> labels = new LinkedHashMap<>();
        Optional<YamlNode.Entry> entry = present(key, Presence.optional());
        if (entry.isPresent() && entry.get().value() instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry label : mapping.entries()) {
                String at = pathOf(key) + "." + label.key();
                if (!(label.value() instanceof YamlNode.Scalar scalar) || isNull(scalar)) {
                    refuse(key, label.value(), at, "a text");
                } else if (labels.size() >= key.max()
                        || labels.putIfAbsent(label.key(), scalar.text()) != null) {
                    refuse(key, scalar, at, key.expected() + ", each once");
                }
            }
        } else {
            entry.ifPresent(found -> refuse(key, found.value(), pathOf(key), key.expected()));
        }
        return labels;
    }

    /// The mapping under that key. When the key is refused, or absent without a default, one in
    /// which nothing is given and nothing is missing; when it is absent and has a default, the
    /// empty one.
    public MappingCursor child(Key.Section key) {
        Optional<YamlNode.Entry> entry = present(key, key.presence());
        if (entry.isPresent() && entry.get().value() instanceof YamlNode.Mapping node) {
            return open(scope, pathOf(key), entry.get().line(), node, key.shape());
        }
        entry.ifPresent(found -> refuse(key, found.value(), pathOf(key), key.expected()));
        boolean empty = !has(key) && key.presence() instanceof Presence.Default;
        return new MappingCursor(scope, pathOf(key), lineOf(key), Map.of(), silent || !empty);
    }

    /// The mappings of a list; one that is refused reads as one in which nothing is given.
    public List<MappingCursor> children(Key.Sections key) {
        List<YamlNode> nodes = sequence(key, key.presence(), key.min(), key.max());
        return IntStream.range(0, nodes.size())
                .mapToObj(i -> element(key, nodes.get(i), pathOf(key) + "[" + i + "]"))
                .toList();
    }

    /// The right ones of a mapping whose keys are anybody's, in the order of the file.
    public <T> Map<String, T> pairs(Key.Pairs<T> key) {
        Map<String, T> pairs = new LinkedHashMap<>();
        for (YamlNode.Entry entry : mapping(key, Presence.optional(), key.expected())) {
            String at = pathOf(key) + "." + entry.key();
            scope.seen(at, entry.line());
            if (key.key().read(new YamlNode.Scalar(entry.key(), true, entry.line())).isEmpty()) {
                faulty.add(key.name());
                scope.problem(entry.line(), at, entry.key(), key.key().expected());
            } else if (pairs.containsKey(entry.key())) {
                faulty.add(key.name());
                scope.problem(entry.line(), at, entry.value().shown(), "the key once");
            } else {
                scalar(key.value(), entry.value(), key, at)
                        .ifPresent(value -> pairs.put(entry.key(), value));
            }
        }
        if (key.isTooLong(pairs.size())) {
            problem(key, key.expected());
        }
        return pairs;
    }

    /// Says whether the mapping is there and is one; what is in it is read elsewhere.
    public boolean isMapping(Key.Tree key) {
        mapping(key, key.presence(), key.expected());
        return has(key) && isSound(key);
    }

    private List<YamlNode.Entry> mapping(Key key, Presence presence, String expected) {
        Optional<YamlNode.Entry> entry = present(key, presence);
        if (entry.isPresent() && entry.get().value() instanceof YamlNode.Mapping node) {
            return node.entries();
        }
        entry.ifPresent(found -> refuse(key, found.value(), pathOf(key), expected));
        return List.of();
    }

    private MappingCursor element(Key.Sections key, YamlNode node, String at) {
        scope.seen(at, node.line());
        if (node instanceof YamlNode.Mapping mapping) {
            return open(scope, at, node.line(), mapping, key.item());
        }
        refuse(key, node, at, "a mapping with the keys " + String.join(", ", key.item().names()));
        return new MappingCursor(scope, at, node.line(), Map.of(), true);
    }

    private List<YamlNode> sequence(Key key, Presence presence, int min, int max) {
        Optional<YamlNode.Entry> entry = present(key, presence);
        if (entry.isEmpty()) {
            return List.of();
        }
        if (entry.get().value() instanceof YamlNode.Sequence list) {
            if (list.items().size() < min || list.items().size() > max) {
                String shown = "a list of %d".formatted(list.items().size());
                faulty.add(key.name());
                scope.problem(lineOf(key), pathOf(key), shown, key.expected());
            }
            return list.items().stream().limit(max).toList();
        }
        refuse(key, entry.get().value(), pathOf(key), key.expected());
        return List.of();
    }

    private Optional<YamlNode.Entry> present(Key key, Presence presence) {
        YamlNode.Entry entry = entries.get(key.name());
        if (entry == null) {
            if (!silent && presence instanceof Presence.Required) {
                problem(key, key.expected());
            }
            return Optional.empty();
        }
        if (isNull(entry.value())) {
            boolean required = presence instanceof Presence.Required;
            faulty.add(key.name());
            String expected = key.expected() + (required ? "" : "; or leave the key out");
            scope.problem(entry.line(), pathOf(key), MISSING, expected);
            return Optional.empty();
        }
        return Optional.of(entry);
    }

    private <T> Optional<T> scalar(ValueType<T> type, YamlNode node, Key key, String at) {
        if (!(node instanceof YamlNode.Scalar scalar)) {
            refuse(key, node, at, type.expected());
            return Optional.empty();
        }
        Optional<T> value = type.read(scalar);
        if (value.isEmpty()) {
            String instead = scope.isFull() ? type.expected() : type.expectedInsteadOf(scalar);
            refuse(key, scalar, at, instead);
        }
        return value;
    }

    private void refuse(Key key, YamlNode node, String at, String expected) {
        faulty.add(key.name());
        if (!(node instanceof YamlNode.Refused)) {
            scope.problem(node.line(), at, isNull(node) ? MISSING : node.shown(), expected);
        }
    }

    private String instead(String key, List<String> known) {
        String keys = "known keys: " + String.join(", ", known);
        return scope.isFull()
                ? keys
                : Nearest.of(key, known).map(near -> "'%s'; %s".formatted(near, keys)).orElse(keys);
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.type() == YamlNode.Type.NULL;
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
