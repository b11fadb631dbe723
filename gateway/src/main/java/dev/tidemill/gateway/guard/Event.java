package dev.tidemill.gateway.guard;

import static java.util.Objects.requireNonNull;

import dev.tidemill.guardrails.Edit;
import dev.tidemill.guardrails.HeldText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One event of a stream and the texts in it.
final class Event {
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

    private final byte[] raw;
    private final int jsonFrom;
    private final int jsonTo;
    private final List<Slot> slots;
    private final boolean isJson;
    private final List<String> ends;

    private Event(
            byte[] raw, int from, int to, List<Slot> slots, boolean isJson, List<String> ends) {
        this.raw = raw;
        this.jsonFrom = from;
        this.jsonTo = to;
        this.slots = slots;
        this.isJson = isJson;
        this.ends = ends;
    }

    /// @param raw with the blank line behind it
    static Event read(byte[] raw) {
        int from = 0;
        int at = 0;
        int lines = 0;
        int dataFrom = 0;
        int dataTo = 0;
        while (at < raw.length) {
            if (raw[at] == '\n' || at == raw.length - 1) {
                int to = raw[at] == '\n' ? at : at + 1;
                if (to > from && raw[to - 1] == '\r') {
                    to--;
                }
                if (to - from > DATA.length
                        && Arrays.mismatch(raw, from, from + DATA.length, DATA, 0, DATA.length)
                                < 0) {
                    lines++;
                    dataFrom = from + DATA.length;
                    dataTo = to;
                }
                from = at + 1;
            }
            at++;
        }
        if (lines == 0) {
            return new Event(raw, 0, 0, List.of(), true, List.of());
        }
        if (lines > 1) {
            // Nobody who speaks this protocol writes such; it is looked at as one text.
            return text(raw, 0, raw.length);
        }
        while (dataFrom < dataTo && raw[dataFrom] == ' ') {
            dataFrom++;
        }
        return data(raw, dataFrom, dataTo);
    }

    private static Event data(byte[] raw, int from, int to) {
        byte[] json = Arrays.copyOfRange(raw, from, to);
        if (Arrays.equals(json, new byte[] {'[', 'D', 'O', 'N', 'E', ']'})) {
            return new Event(raw, from, to, List.of(), true, List.of(""));
        }
        try {
            JsonTexts texts = JsonTexts.of(json);
            String owner = owner(texts);
            List<Slot> slots = new ArrayList<>(texts.texts().size());
            for (JsonTexts.Text text : texts.texts()) {
                boolean document =
                        text.isJson() || (isArguments(texts) && text.key().equals("delta"));
                slots.add(new Slot(text, channel(owner, text), document));
            }
            return new Event(raw, from, to, slots, true, ends(texts, owner));
        } catch (JacksonException _) {
            return text(raw, from, to);
        }
    }

    /// What is no JSON is one text.
    private static Event text(byte[] raw, int from, int to) {
        String value = new String(raw, from, to - from, StandardCharsets.UTF_8);
        JsonTexts.Text text = new JsonTexts.Text(null, "", from, to, value);
        return new Event(raw, from, to, List.of(new Slot(text, null, false)), false, List.of());
    }

    private static boolean isArguments(JsonTexts texts) {
        JsonTexts.Leaf type = texts.leaf("type");
        return type != null && type.text().contains("arguments");
    }

    /// In events of `/v1/responses`, whose text it is.
    private static String owner(JsonTexts texts) {
        JsonTexts.Leaf type = texts.leaf("type");
        if (type == null) {
            return "";
        }
        StringBuilder owner = new StringBuilder();
        for (String key : List.of("item_id", "output_index", "content_index", "summary_index")) {
            JsonTexts.Leaf leaf = texts.leaf(key);
            owner.append(leaf == null ? "" : leaf.text()).append('/');
        }
        return owner.toString();
    }

    /// The same for all pieces of one text; null for a text that comes whole.
    private static @Nullable String channel(String owner, JsonTexts.Text text) {
        String path = text.path();
        boolean piece =
                path.equals(".delta")
                        || path.contains(".delta.")
                        || (path.startsWith(".choices.") && path.endsWith(".text"));
        return piece ? owner + path : null;
    }

    /// The channels, by the beginnings of their names, whose texts end with this event.
    private static List<String> ends(JsonTexts texts, String owner) {
        JsonTexts.Leaf type = texts.leaf("type");
        if (type == null) {
            return texts.finished();
        }
        boolean goesOn = type.text().endsWith(".delta") || type.text().endsWith(".added");
        return goesOn ? List.of() : List.of(texts.leaf("item_id") == null ? "" : owner);
    }

    List<Slot> slots() {
        return slots;
    }

    List<String> ends() {
        return ends;
    }

    int length() {
        return raw.length;
    }

    boolean isDecided() {
        for (Slot slot : slots) {
            if (!slot.isDecided()) {
                return false;
            }
        }
        return true;
    }

    byte[] passed() {
        List<JsonTexts.Changed> changes = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            changes.add(slot.changes());
        }
        byte[] json = Arrays.copyOfRange(raw, jsonFrom, jsonTo);
        byte[] now = isJson ? Rewriter.rewrite(json, changes) : plain(json, changes.getFirst());
        if (Arrays.equals(now, json)) {
            return raw;
        }
        byte[] made = new byte[jsonFrom + now.length + raw.length - jsonTo];
        System.arraycopy(raw, 0, made, 0, jsonFrom);
        System.arraycopy(now, 0, made, jsonFrom, now.length);
        System.arraycopy(raw, jsonTo, made, jsonFrom + now.length, raw.length - jsonTo);
        return made;
    }

    private static byte[] plain(byte[] text, JsonTexts.Changed changed) {
        return changed.edits().isEmpty()
                ? text
                : Edit.apply(changed.text().value(), changed.edits())
                        .getBytes(StandardCharsets.UTF_8);
    }

    /// A text of an event, and its part of a longer one.
    static final class Slot {
        private final JsonTexts.Text text;
        private final @Nullable String channel;
        private final boolean isJson;
        private @Nullable HeldText whole;
        private long from;

        private Slot(JsonTexts.Text text, @Nullable String channel, boolean isJson) {
            this.text = text;
            this.channel = channel;
            this.isJson = isJson;
        }

        boolean isJson() {
            return isJson;
        }

        JsonTexts.Text text() {
            return text;
        }

        @Nullable String channel() {
            return channel;
        }

        void begin(HeldText held) {
            whole = held;
            from = held.length();
            held.add(text.value());
        }

        boolean isDecided() {
            return requireNonNull(whole).decided() >= from + text.value().length();
        }

        JsonTexts.Changed changes() {
            HeldText held = requireNonNull(whole);
            JsonTexts.Changed changed =
                    new JsonTexts.Changed(text, held.changes(from, text.value().length()));
            held.forget(from);
            return changed;
        }
    }
}
