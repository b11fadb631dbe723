package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.protocol.tfserving.Leaf.Leniency;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the body of a classify or regress request. Twice, because the context may come after the
/// examples that need it.
final class ExampleReader {
    private final Examples examples;
    private String signature = "";
    private boolean found;

    private ExampleReader(Examples examples) {
        this.examples = examples;
    }

    /// What a classify or regress request asks for.
    ///
    /// @param signature empty for the model's own
    record Request(String signature, Examples examples) {}

    /// @param specs what the model takes
    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST`
    static Request read(byte[] bytes, List<TensorSpec> specs, Bodies.Budget reservation) {
        JsonBody body = new JsonBody(bytes);
        ExampleReader reader =
                new ExampleReader(new Examples(specs, body.mostValues(), reservation));
        body.read(reader::surroundings);
        body.read(reader::examples);
        if (!reader.found) {
            throw Signatures.refused(
                    "When method is classify or regress, key 'examples' is expected and was not found");
        }
        return new Request(reader.signature, reader.examples);
    }

    private void surroundings(JsonParser parser) {
        switch (parser.currentName()) {
            case "signature_name" -> signature = JsonBody.signatureName(parser);
            case "context" -> example(parser, examples::context);
            default -> parser.skipChildren();
        }
    }

    private void examples(JsonParser parser) {
        if (!parser.currentName().equals("examples")) {
            parser.skipChildren();
            return;
        }
        if (found) {
            throw Signatures.refused("JSON object: has the key 'examples' twice");
        }
        found = true;
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw Signatures.refused("Expecting 'examples' value to be an list/array");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            example(parser, examples::feature);
            examples.endExample();
        }
        if (examples.count() == 0) {
            throw Signatures.refused("'examples' value is an empty array");
        }
    }

    private static void example(JsonParser parser, Function<String, Optional<Column>> target) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Signatures.refused(
                    "Example must be JSON object but got JSON "
                            + JsonBody.kind(parser.currentToken()));
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            Optional<Column> column = target.apply(name);
            if (column.isEmpty()) {
                parser.skipChildren();
            } else if (parser.currentToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value(parser, name, column.get());
                }
            } else {
                value(parser, name, column.get());
            }
        }
    }

    private static void value(JsonParser parser, String name, Column column) {
        JsonToken token = parser.currentToken();
        boolean text = column.spec().type() == DataType.BYTES;
        switch (token) {
            case VALUE_NULL, START_ARRAY -> throw unexpected(name, token);
            case START_OBJECT -> {
                if (!text) {
                    throw unexpected(name, token);
                }
                new Leaf(column, Leniency.NONE).read(parser, token);
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                // Examples know no truth, only 1 and 0.
                boolean truth = token == JsonToken.VALUE_TRUE;
                if (column.spec().type() == DataType.BOOL) {
                    column.add(truth);
                } else {
                    column.add(truth ? 1L : 0L);
                }
            }
            default -> new Leaf(column, Leniency.NONE).read(parser, token);
        }
    }

    private static RuntimeException unexpected(String name, JsonToken token) {
        return Signatures.refused(
                "Feature: %s has element with unexpected JSON type: %s"
                        .formatted(name, JsonBody.kind(token)));
    }
}
