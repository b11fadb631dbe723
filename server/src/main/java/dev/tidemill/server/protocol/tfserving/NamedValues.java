package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.protocol.tfserving.Leaf.Leniency;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The values of all inputs of a request.
record NamedValues(Map<String, Values> byName) {
    private static final String BASE64 = "b64";

    /// @param mostValues of all inputs together
    static NamedValues of(
            List<TensorSpec> specs, int mostValues, Leniency leniency, Bodies.Budget reservation) {
        Map<String, Values> byName = LinkedHashMap.newLinkedHashMap(specs.size());
        int expected = specs.size() == 1 ? mostValues : mostValues / specs.size() + 1;
        for (TensorSpec spec : specs) {
            byName.put(spec.name(), new Values(new Column(spec, expected, reservation), leniency));
        }
        return new NamedValues(byName);
    }

    /// The values of the only input.
    ///
    /// @param otherwise what to say when there are several
    Values only(String otherwise) {
        if (byName.size() != 1) {
            throw Signatures.refused(
                    otherwise + " as multiple input tensors required as per tensorinfo_map");
        }
        return byName.values().iterator().next();
    }

    /// Reads the object at the parser's place, a key an input; or, when it is one text by the key
    /// `b64` and nothing else, gives back its bytes.
    ///
    /// @param item how many objects came before
    /// @param exact whether keys that are no inputs are wrong
    byte @Nullable [] object(JsonParser parser, int item, boolean exact) {
        boolean first = true;
        JsonToken token = parser.nextToken();
        while (token == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (first && value == JsonToken.VALUE_STRING && key.equals(BASE64)) {
                String text = parser.getString();
                token = parser.nextToken();
                if (token == JsonToken.END_OBJECT) {
                    return Leaf.base64(text);
                }
                require(key, item).item(text.getBytes(StandardCharsets.UTF_8));
            } else {
                if (exact || byName.containsKey(key)) {
                    require(key, item).item(parser);
                } else {
                    parser.skipChildren();
                }
                token = parser.nextToken();
            }
            first = false;
        }
        return null;
    }

    /// The first input that no more than `items` objects had; empty when there is none.
    String missing(int items) {
        for (Map.Entry<String, Values> entry : byName.entrySet()) {
            if (entry.getValue().items() <= items) {
                return entry.getKey();
            }
        }
        return "";
    }

    List<Tensor> tensors(Function<Values, Tensor> form) {
        return byName.values().stream().map(form).toList();
    }

    String names() {
        return String.join(",", byName.keySet());
    }

    private Values require(String key, int item) {
        Values values = byName.get(key);
        if (values == null) {
            throw Signatures.refused("JSON object: does not have named input: " + key);
        }
        if (values.items() > item) {
            throw Signatures.refused("JSON object: has named input: %s twice".formatted(key));
        }
        return values;
    }
}
