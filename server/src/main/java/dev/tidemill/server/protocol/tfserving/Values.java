package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.runtimes.spi.Tensor;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads what JSON has for one input: a value, or lists of lists of values, all of one shape. The
/// way down to the first value says how deep that is.
final class Values {
    private static final int UNKNOWN = -1;
    private final Column column;
    private final Leaf leaf;
    private final int[] sizes = new int[JsonBody.MAX_DEPTH];
    private int rank;
    private int items;
    private int itemCount;
    private int[] itemShape = new int[0];

    Values(Column column, Leaf.Leniency leniency) {
        this.column = column;
        this.leaf = new Leaf(column, leniency);
    }

    int items() {
        return items;
    }

    /// Reads the value at the parser's place as one item.
    void item(JsonParser parser) {
        begin();
        JsonToken token = parser.currentToken();
        int before = column.count();
        if (token == JsonToken.START_ARRAY) {
            list(parser, 0);
        } else {
            leaf(parser, token, 0);
        }
        end(column.count() - before);
    }

    /// As above, when it was an object that says base64, and is read already.
    void item(byte[] value) {
        begin();
        rank = 0;
        column.add(value);
        end(1);
    }

    /// Every item a row.
    Tensor rows() {
        long[] shape = new long[itemShape.length + 1];
        shape[0] = items;
        for (int i = 0; i < itemShape.length; i++) {
            shape[i + 1] = itemShape[i];
        }
        return column.tensor(shape);
    }

    /// The only item as it is.
    Tensor whole() {
        return column.tensor(Arrays.stream(itemShape).asLongStream().toArray());
    }

    private void begin() {
        rank = UNKNOWN;
        Arrays.fill(sizes, UNKNOWN);
    }

    private void end(int count) {
        int[] shape = Arrays.copyOf(sizes, rank);
        if (items == 0) {
            itemCount = count;
            itemShape = shape;
        } else if (count != itemCount) {
            throw Signatures.refused(
                    "Expecting tensor size: %d but got: %d".formatted(itemCount, count));
        } else if (!Arrays.equals(shape, itemShape)) {
            throw Signatures.refused(
                    "Expecting shape %s but got: %s".formatted(text(itemShape), text(shape)));
        }
        items++;
    }

    private void list(JsonParser parser, int level) {
        if (rank != UNKNOWN && level >= rank) {
            throw Signatures.refused(
                    "Encountered list at unexpected level: %d expected < %d"
                            .formatted(level, rank));
        }
        int count = 0;
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            if (token == JsonToken.START_ARRAY) {
                list(parser, level + 1);
            } else {
                leaf(parser, token, level + 1);
            }
            count++;
            token = parser.nextToken();
        }
        if (rank == UNKNOWN) {
            rank = level + 1;
        }
        if (sizes[level] == UNKNOWN) {
            sizes[level] = count;
        } else if (sizes[level] != count) {
            throw Signatures.refused(
                    "Encountered list at unexpected size: %d at level: %d expected size: %d"
                            .formatted(count, level, sizes[level]));
        }
    }

    private void leaf(JsonParser parser, JsonToken token, int level) {
        if (rank == UNKNOWN) {
            rank = level;
        } else if (level != rank) {
            throw Signatures.refused(
                    "JSON Value: %s found at incorrect level: %d in the JSON DOM. Expected at level: %d"
                            .formatted(Leaf.quote(parser), level + 1, rank));
        }
        leaf.read(parser, token);
    }

    private static String text(int[] shape) {
        return Fractions.text(Arrays.stream(shape).asLongStream().toArray());
    }
}
