package dev.tidemill.spec.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The keys that a mapping may have: what the cursor accepts and what the reference lists.
public record Shape(List<Key> keys) {
    public Shape {
        keys = List.copyOf(keys);
    }

    public static Shape of(Key... keys) {
        return new Shape(List.of(keys));
    }

    /// These keys and then the others.
    public Shape and(List<Key> others) {
        return new Shape(Stream.concat(keys.stream(), others.stream()).toList());
    }

    public List<String> names() {
        return keys.stream().map(Key::name).toList();
    }

    /// Every key of this mapping and of those inside it, in the order of declaration.
    public List<ReferenceRow> rows(String path) {
        List<ReferenceRow> rows = new ArrayList<>();
        for (Key key : keys) {
            rows.addAll(key.rows(path.isEmpty() ? key.name() : path + "." + key.name()));
        }
        return rows;
    }
}
