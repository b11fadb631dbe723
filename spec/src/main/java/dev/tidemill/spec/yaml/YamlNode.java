package dev.tidemill.spec.yaml;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// One node of a document and the line that it begins on, from 1.
public sealed interface YamlNode {
    int line();

    /// The node as one short text, for messages.
    String shown();

    /// What a plain scalar is under the YAML 1.2 core schema: `on`, `yes` and `1_000` are text.
    enum Type {
        TEXT,
        NULL,
        BOOLEAN,
        INTEGER,
        FLOAT
    }

    /// @param quoted in quotes or a block, which makes anything text
    record Scalar(String text, boolean quoted, int line) implements YamlNode {
        private static final ScalarResolver CORE = new CoreSchema().getScalarResolver();

        /// No number that we accept is longer; the patterns need not see more.
        private static final int MAX_RESOLVED = 64;

        public Type type() {
            if (quoted || text.length() > MAX_RESOLVED) {
                return Type.TEXT;
            }
            Tag tag = CORE.resolve(text, true);
            if (tag.equals(Tag.INT)) {
                return Type.INTEGER;
            }
            if (tag.equals(Tag.FLOAT)) {
                return Type.FLOAT;
            }
            if (tag.equals(Tag.BOOL)) {
                return Type.BOOLEAN;
            }
            return tag.equals(Tag.NULL) ? Type.NULL : Type.TEXT;
        }

        /// The same characters with quotes, or without them.
        Scalar otherwiseQuoted() {
            return new Scalar(text, !quoted, line);
        }

        @Override
        public String shown() {
            return text;
        }
    }

    record Sequence(List<YamlNode> items, int line) implements YamlNode {
        @Override
        public String shown() {
            return items.isEmpty() ? "[]" : "[...]";
        }
    }

    /// @param entries in file order, repeated keys included
    record Mapping(List<Entry> entries, int line) implements YamlNode {
        @Override
        public String shown() {
            return entries.isEmpty() ? "{}" : "{...}";
        }

        /// The value under that key, where a key is given twice the first.
        public Optional<YamlNode> find(String key) {
            return entries.stream()
                    .filter(entry -> entry.key().equals(key))
                    .map(Entry::value)
                    .findFirst();
        }
    }

    /// Something whose problem has been found already.
    record Refused(int line) implements YamlNode {
        @Override
        public String shown() {
            return "...";
        }
    }

    /// @param line of the key
    record Entry(String key, int line, YamlNode value) {}
}
