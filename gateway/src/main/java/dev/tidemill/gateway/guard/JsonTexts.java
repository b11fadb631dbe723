package dev.tidemill.gateway.guard;

import dev.tidemill.guardrails.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// The texts of a JSON document: every string value but those that are names, numbers in disguise
/// or data.
final class JsonTexts {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(500)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /// What is no text.
    private static final Set<String> NAMES =
            Set.of(
                    "id",
                    "object",
                    "model",
                    "role",
                    "type",
                    "finish_reason",
                    "status",
                    "service_tier",
                    "system_fingerprint",
                    "encoding_format",
                    "obfuscation",
                    "encrypted_content",
                    "embedding",
                    "b64_json",
                    "file_data",
                    "data");

    private final JsonParser parser;
    private final List<Text> texts = new ArrayList<>();
    private final List<Leaf> leaves = new ArrayList<>();
    private final List<Place> finished = new ArrayList<>(0);

    private JsonTexts(JsonParser parser) {
        this.parser = parser;
    }

    /// @throws JacksonException when it is no JSON
    static JsonTexts of(byte[] json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            JsonTexts found = new JsonTexts(parser);
            parser.nextToken();
            found.value(null, "");
            if (parser.nextToken() != null) {
                // A second document behind it would pass unseen.
                throw new StreamReadException(parser, "something after the document's end");
            }
            return found;
        }
    }

    List<Text> texts() {
        return texts;
    }

    /// Values of the outermost object that are no objects or lists, and the lengths of its lists.
    List<Leaf> leaves() {
        return leaves;
    }

    /// Paths of what says that it has finished: choices of a chunk of a stream.
    List<String> finished() {
        List<String> paths = new ArrayList<>(finished.size());
        for (Place place : finished) {
            StringBuilder path = new StringBuilder();
            place.path(path);
            paths.add(path.append('.').toString());
        }
        return paths;
    }

    @Nullable Leaf leaf(String key) {
        for (Leaf leaf : leaves) {
            if (leaf.key().equals(key)) {
                return leaf;
            }
        }
        return null;
    }

    private void value(@Nullable Place place, String key) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new StreamReadException(parser, "nothing there");
        }
        int depth = place == null ? 0 : place.depth;
        int from = at(parser.currentTokenLocation().getByteOffset());
        switch (token) {
            case START_OBJECT -> object(place);
            case START_ARRAY -> {
                int size = list(place, key);
                if (depth == 1) {
                    leaves.add(new Leaf(key, from, from, token, String.valueOf(size)));
                }
            }
            case VALUE_STRING -> {
                String value = parser.getString();
                int to = at(parser.currentLocation().getByteOffset());
                if (depth == 1) {
                    leaves.add(new Leaf(key, from, to, token, value));
                }
                if (place != null && key.equals("finish_reason")) {
                    finished.add(place);
                }
                if (isText(key, value)) {
                    texts.add(new Text(place, key, from + 1, to - 1, value));
                }
            }
            default -> {
                String value = parser.getString();
                if (place != null && key.equals("index") && token == JsonToken.VALUE_NUMBER_INT) {
                    place.index = value;
                }
                if (depth == 1) {
                    int to = from + value.length();
                    leaves.add(new Leaf(key, from, to, token, value));
                }
            }
        }
    }

    private void object(@Nullable Place parent) {
        Place own = new Place(parent, parent == null ? "" : parent.key);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            own.key = key;
            parser.nextToken();
            value(own, key);
        }
        own.key = "";
    }

    private int list(@Nullable Place parent, String key) {
        Place own = new Place(parent, key);
        int size = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            own.key = String.valueOf(size);
            value(own, key);
            size++;
        }
        return size;
    }

    private static boolean isText(String key, String value) {
        return !value.isEmpty()
                && !NAMES.contains(key)
                && !key.endsWith("_id")
                && !(key.endsWith("url") && value.startsWith("data:"));
    }

    /// Jackson reads UTF-16 as well, but cannot say where anything stands in it.
    private int at(long offset) {
        if (offset < 0) {
            throw new StreamReadException(parser, "not in UTF-8");
        }
        return (int) offset;
    }

    /// An object or list around a text.
    private static final class Place {
        private final @Nullable Place parent;

        /// What it is called in its parent.
        private final String name;

        private final int depth;

        /// Of the value that is being read.
        private String key = "";

        /// What an object calls its own place in a list.
        private @Nullable String index;

        Place(@Nullable Place parent, String name) {
            this.parent = parent;
            this.name = name;
            this.depth = parent == null ? 1 : parent.depth + 1;
        }

        void path(StringBuilder to) {
            if (parent != null) {
                parent.path(to);
                to.append('.').append(index == null ? name : "#" + index);
            }
        }
    }

    /// A text and where it stands.
    ///
    /// @param from after the quote
    /// @param to the quote
    record Text(@Nullable Place place, String key, int from, int to, String value) {
        /// Its way from the outermost object. Elements of lists go by their `index`, since streams
        /// send them in any order.
        String path() {
            StringBuilder path = new StringBuilder();
            if (place != null) {
                place.path(path);
            }
            return path.append('.').append(key).toString();
        }

        /// Whether it is a document by itself, such as the arguments of a tool.
        boolean isJson() {
            return key.equals("arguments");
        }
    }

    /// A value of the outermost object.
    ///
    /// @param text of a list, how many elements it has
    record Leaf(String key, int from, int to, JsonToken token, String text) {}

    /// Changes to one text.
    record Changed(Text text, List<Edit> edits) {}
}
