package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads `instances`, a list with an item a row. The first item decides whether each is an object
/// with a key an input, or the value of the only input.
final class Rows {
    private final NamedValues values;
    private final boolean exact;
    private int row;
    private boolean objects;

    /// @param exact whether keys that are no inputs are wrong
    Rows(NamedValues values, boolean exact) {
        this.values = values;
        this.exact = exact;
    }

    /// @param parser at the beginning of the list
    void read(JsonParser parser) {
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            if (token == JsonToken.START_OBJECT) {
                object(parser);
            } else {
                value(parser);
            }
            row++;
            token = parser.nextToken();
        }
        if (row == 0) {
            throw Signatures.refused("No values in 'instances' array");
        }
    }

    private void object(JsonParser parser) {
        if (row > 0 && !objects) {
            base64(parser);
            return;
        }
        byte[] bytes;
        try {
            bytes = values.object(parser, row, exact);
        } catch (TidemillException e) {
            throw failed(e);
        }
        if (bytes != null) {
            if (objects) {
                throw expectingObject();
            }
            only().item(bytes);
            return;
        }
        objects = true;
        if (!values.missing(row).isEmpty()) {
            throw Signatures.refused(
                    "Failed to process element: %d of 'instances' list. JSON object: %s missing, keys must be equal to: %s"
                            .formatted(row, values.missing(row), values.names()));
        }
    }

    private void value(JsonParser parser) {
        if (objects) {
            throw expectingObject();
        }
        Values only = only();
        try {
            only.item(parser);
        } catch (TidemillException e) {
            throw failed(e);
        }
    }

    /// An object among values can only be one that says base64.
    private void base64(JsonParser parser) {
        try {
            only().item(parser);
        } catch (TidemillException e) {
            if (e.code() != ErrorCode.INVALID_REQUEST) {
                throw e;
            }
            throw Signatures.refused(
                    "Expecting value/list but got object at item %d of input list. %s"
                            .formatted(row, e.getMessage()));
        }
    }

    private Values only() {
        return values.only("instances is a plain list, but expecting list of objects");
    }

    private TidemillException expectingObject() {
        return Signatures.refused(
                "Expecting object but got list at item %d of input list".formatted(row));
    }

    /// Other failures than the client's pass as they are.
    private TidemillException failed(TidemillException e) {
        return e.code() == ErrorCode.INVALID_REQUEST
                ? Signatures.refused(
                        "Failed to process element: %d of 'instances' list. Error: INVALID_ARGUMENT: %s"
                                .formatted(row, e.getMessage()))
                : e;
    }
}
