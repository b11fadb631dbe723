package dev.tidemill.gateway.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A few changes to a text, which do not overlap.
final class Splice {
    private final byte[] text;
    private final List<Change> changes = new ArrayList<>(2);

    Splice(byte[] text) {
        this.text = text;
    }

    void replace(int from, int to, String with) {
        changes.add(new Change(from, to, with.getBytes(StandardCharsets.UTF_8)));
    }

    /// @param comma whether a comma follows
    void insert(int at, byte[] what, boolean comma) {
        byte[] with = new byte[what.length + (comma ? 1 : 0)];
        System.arraycopy(what, 0, with, 0, what.length);
        if (comma) {
            with[what.length] = ',';
        }
        changes.add(new Change(at, at, with));
    }

    byte[] bytes() {
        changes.sort(Comparator.comparingInt(Change::from));
        int length = text.length;
        for (Change change : changes) {
            length += change.with().length - (change.to() - change.from());
        }
        byte[] made = new byte[length];
        int at = 0;
        int read = 0;
        for (Change change : changes) {
            System.arraycopy(text, read, made, at, change.from() - read);
            at += change.from() - read;
            System.arraycopy(change.with(), 0, made, at, change.with().length);
            at += change.with().length;
            read = change.to();
        }
        System.arraycopy(text, read, made, at, text.length - read);
        return made;
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    private record Change(int from, int to, byte[] with) {}
}
