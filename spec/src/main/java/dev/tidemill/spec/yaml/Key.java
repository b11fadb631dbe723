package dev.tidemill.spec.yaml;

import java.util.ArrayList;
import java.util.List;

/// One key of a mapping, with all that a reader, a message or the reference needs of it.
public sealed interface Key {
    String name();

    /// What is accepted, for messages: `(expected: ...)`.
    String expected();

    List<ReferenceRow> rows(String path);

    /// A key with one scalar.
    record Value<T>(String name, ValueType<T> type, Presence presence, String meaning)
            implements Key {
        @Override
        public String expected() {
            return type.expected();
        }

        /// What holds when the key is absent or refused.
        public T fallback() {
            return presence instanceof Presence.Default(String text)
                    ? type.ofDefault(text)
                    : type.placeholder();
        }

        @Override
        public List<ReferenceRow> rows(String path) {
            return List.of(new ReferenceRow(path, type.expected(), absent(presence), meaning));
        }
    }

    /// A key with a list of scalars; an absent list is empty.
    record Values<T>(String name, ValueType<T> item, int max, String meaning) implements Key {
        @Override
        public String expected() {
            return "a list such as [a, b] of at most %d, each %s".formatted(max, item.expected());
        }

        @Override
        public List<ReferenceRow> rows(String path) {
            return List.of(new ReferenceRow(path, expected(), "none", meaning));
        }
    }

    /// A key with a mapping.
    record Section(String name, Shape shape, Presence presence, String meaning) implements Key {
        @Override
        public String expected() {
            return "a mapping with the keys " + String.join(", ", shape.names());
        }

        /// The same key where the mapping's keys depend on another key.
        public Section with(Shape other) {
            return new Section(name, other, presence, meaning);
        }

        @Override
        public List<ReferenceRow> rows(String path) {
            List<ReferenceRow> rows = new ArrayList<>();
            rows.add(new ReferenceRow(path, "a mapping", absent(presence), meaning));
            rows.addAll(shape.rows(path));
            return rows;
        }
    }

    /// A key with a list of mappings; an absent list is empty.
    record Sections(String name, Shape item, int min, int max, Presence presence, String meaning)
            implements Key {
        @Override
        public String expected() {
            String count = min == max ? "exactly %d".formatted(min) : "at most %d".formatted(max);
            return "a list of %s, each with the keys %s"
                    .formatted(count, String.join(", ", item.names()));
        }

        @Override
        public List<ReferenceRow> rows(String path) {
            String count = min == max ? "exactly %d".formatted(min) : "at most %d".formatted(max);
            List<ReferenceRow> rows = new ArrayList<>();
            rows.add(new ReferenceRow(path, "a list of " + count, absent(presence), meaning));
            rows.addAll(item.rows(path + "[]"));
            return rows;
        }
    }

    /// A key with a mapping whose keys are anybody's, such as labels; an absent one is empty.
    ///
    /// @param key what its keys are
    record Pairs<T>(String name, ValueType<String> key, ValueType<T> value, String meaning)
            implements Key {
        private static final int MOST = 100;

        @Override
        public String expected() {
            return "a mapping of at most %d, from %s to %s"
                    .formatted(MOST, key.expected(), value.expected());
        }

        boolean isTooLong(int size) {
            return size > MOST;
        }

        @Override
        public List<ReferenceRow> rows(String path) {
            return List.of(new ReferenceRow(path, expected(), "none", meaning));
        }
    }

    /// A key with a mapping of any words to texts; an absent one is empty.
    record Labels(String name, int max, String meaning) implements Key {
        @Override
        public String expected() {
            return "a mapping of at most %d words to texts".formatted(max);
        }

        @Override
        public List<ReferenceRow> rows(String path) {
            return List.of(new ReferenceRow(path, expected(), "none", meaning));
        }
    }

    /// A key with a mapping that is not read here: it becomes part of another document.
    record Tree(String name, Presence presence, String meaning) implements Key {
        @Override
        public String expected() {
            return "a mapping";
        }

        @Override
        public List<ReferenceRow> rows(String path) {
            return List.of(new ReferenceRow(path, expected(), absent(presence), meaning));
        }
    }

    private static String absent(Presence presence) {
        return switch (presence) {
            case Presence.Required() -> "required";
            case Presence.Default(String text) -> "`%s`".formatted(text);
            case Presence.Optional(String meaning) -> meaning.isEmpty() ? "none" : meaning;
        };
    }
}
