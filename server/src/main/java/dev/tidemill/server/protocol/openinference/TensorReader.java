package dev.tidemill.server.protocol.openinference;

import static dev.tidemill.server.protocol.openinference.InferRequestReader.invalid;
import static dev.tidemill.server.protocol.openinference.InferRequestReader.kind;
import static dev.tidemill.server.protocol.openinference.InferRequestReader.require;
import static dev.tidemill.server.protocol.openinference.InferRequestReader.text;

import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.RawBytes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads one entry of `inputs`. Its keys may come in any order; data that comes before its type and
/// shape is skipped, and read again from the body when both are known.
final class TensorReader {
    private static final int MAX_RANK = 16;
    private static final int NOWHERE = -1;

    private final JsonText json;
    private final Bodies.Budget reservation;
    private final BinaryTail tail;
    private Parameters parameters = Parameters.NONE;
    private String what;
    private @Nullable String name;
    private @Nullable DataType type;
    private long @Nullable [] shape;
    private @Nullable Tensor tensor;
    private int early = NOWHERE;

    /// @param index in `inputs`, for messages until the name is known
    /// @param json no shape may promise more elements than its body could hold
    /// @param tail of the body, for binary inputs
    /// @param reservation asked for the elements before there is memory for them
    TensorReader(int index, JsonText json, BinaryTail tail, Bodies.Budget reservation) {
        this.json = json;
        this.tail = tail;
        this.reservation = reservation;
        this.what = "inputs[" + index + "]";
    }

    Tensor read(JsonParser parser) {
        require(parser, JsonToken.START_OBJECT, what, "an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "name" -> readName(parser);
                case "datatype" -> type = readType(parser);
                case "shape" -> shape = readShape(parser);
                case "data" -> readData(parser);
                case "parameters" -> parameters = Parameters.read(parser, what + ".parameters");
                default -> parser.skipChildren();
            }
        }
        return finish();
    }

    private Tensor finish() {
        if (name == null || type == null || shape == null) {
            String missing = name == null ? "name" : type == null ? "datatype" : "shape";
            throw invalid(what + "." + missing, "missing", "name, datatype, shape and data");
        }
        Optional<Long> binary = parameters.integer("binary_data_size");
        if (binary.isPresent()) {
            if (early >= 0 || tensor != null) {
                throw invalid(what + ".data", "present", "no data beside binary_data_size");
            }
            return tail.take(name, type, shape, binary.get(), what);
        }
        if (early >= 0) {
            try (JsonParser parser = json.parserFrom(early)) {
                parser.nextToken();
                tensor = elements(parser, name, type, shape);
            }
        }
        if (tensor == null) {
            throw invalid(what + ".data", "missing", "an array, or parameters.binary_data_size");
        }
        return tensor;
    }

    private void readName(JsonParser parser) {
        name = text(parser, what + ".name");
        if (name.isEmpty()) {
            throw invalid(what + ".name", "", "the name of an input");
        }
        what = "input " + name;
    }

    private DataType readType(JsonParser parser) {
        String text = text(parser, what + ".datatype");
        for (DataType known : DataType.values()) {
            if (known.name().equals(text)) {
                return known;
            }
        }
        throw invalid(
                what + ".datatype",
                text,
                "one of "
                        + Arrays.toString(DataType.values())
                        + (isKnownInLowerCase(text) ? ", in capitals" : ""));
    }

    private static boolean isKnownInLowerCase(String text) {
        return Arrays.stream(DataType.values())
                .anyMatch(type -> type.name().equals(text.toUpperCase(Locale.ROOT)));
    }

    private long[] readShape(JsonParser parser) {
        require(parser, JsonToken.START_ARRAY, what + ".shape", "an array");
        long[] sizes = new long[MAX_RANK];
        int rank = 0;
        long room = 1;
        boolean empty = false;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser, JsonToken.VALUE_NUMBER_INT, what + ".shape", "integers");
            if (rank == MAX_RANK) {
                throw invalid(what + ".shape", "longer", "at most 16 dimensions");
            }
            long size =
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? Long.MAX_VALUE
                            : parser.getLongValue();
            if (size < 0) {
                throw invalid(what + ".shape", String.valueOf(size), "sizes of at least 0");
            }
            empty |= size == 0;
            // Of a tensor without elements, too, no runtime wants to know sizes beyond this.
            if (size > Integer.MAX_VALUE / room) {
                throw moreThanThereAre();
            }
            room *= Math.max(1, size);
            sizes[rank++] = size;
        }
        if (!empty && room > json.body().length) {
            throw moreThanThereAre();
        }
        return Arrays.copyOf(sizes, rank);
    }

    private RuntimeException moreThanThereAre() {
        return invalid(what + ".shape", "more elements than the body has", "the shape of data");
    }

    private void readData(JsonParser parser) {
        if (name != null && type != null && shape != null) {
            tensor = elements(parser, name, type, shape);
        } else {
            require(parser, JsonToken.START_ARRAY, what + ".data", "an array");
            early = json.placeOfArray(parser);
            parser.skipChildren();
        }
    }

    private Tensor elements(JsonParser parser, String name, DataType type, long[] shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        // An element and its comma take two bytes at least, and become up to eight; of a few too
        // many it is said below how many there are.
        if (count > json.body().length / 2 + 1_024
                || (long) count * type.byteWidth() > Integer.MAX_VALUE) {
            throw moreThanThereAre();
        }
        reservation.take(Elements.bytes(type, count));
        Elements elements = Elements.of(type, count, what);
        int found = read(parser, elements, count);
        if (found != count) {
            throw invalid(
                    what + ".data",
                    found + " elements",
                    count + " elements, as the shape " + Arrays.toString(shape) + " says");
        }
        Tensor read = elements.tensor(name, shape);
        if (read instanceof Tensor.Text text) {
            reservation.take(RawBytes.size(text));
        }
        return read;
    }

    /// Nested or flat alike; the shape rules.
    private int read(JsonParser parser, Elements elements, int count) {
        require(parser, JsonToken.START_ARRAY, what + ".data", "an array");
        int depth = 1;
        int read = 0;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY) {
                depth++;
            } else if (token == JsonToken.END_ARRAY) {
                depth--;
            } else if (token == JsonToken.START_OBJECT || !token.isScalarValue()) {
                throw invalid(what + ".data", kind(parser), "numbers, texts, true or false");
            } else if (read == count) {
                throw invalid(
                        what + ".data",
                        "more than " + count + " elements",
                        count + " elements, as the shape says");
            } else {
                elements.add(parser);
                read++;
            }
        }
        return read;
    }
}
