package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.protocol.tfserving.Leaf.Leniency;
import dev.tidemill.server.protocol.tfserving.PredictRequest.Form;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the body of a predict request in one pass, in row or in column form.
final class PredictReader {
    private final JsonBody body;
    private final List<TensorSpec> specs;
    private final Bodies.Budget reservation;
    private String signature = "";
    private @Nullable PredictRequest read;

    private PredictReader(byte[] body, List<TensorSpec> specs, Bodies.Budget reservation) {
        this.body = new JsonBody(body);
        this.specs = specs;
        this.reservation = reservation;
    }

    /// @param specs what the model takes
    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST`
    static PredictRequest read(byte[] body, List<TensorSpec> specs, Bodies.Budget reservation) {
        return PlainNumbers.read(body, specs, reservation)
                .orElseGet(() -> readTokens(body, specs, reservation));
    }

    /// As above, without the short cut.
    static PredictRequest readTokens(
            byte[] body, List<TensorSpec> specs, Bodies.Budget reservation) {
        PredictReader reader = new PredictReader(body, specs, reservation);
        reader.body.read(reader::member);
        if (reader.read == null) {
            throw Signatures.refused("Missing 'inputs' or 'instances' key");
        }
        return new PredictRequest(reader.signature, reader.read.form(), reader.read.inputs());
    }

    private void member(JsonParser parser) {
        switch (parser.currentName()) {
            case "signature_name" -> signature = JsonBody.signatureName(parser);
            case "instances" -> {
                requireFirst();
                read = new PredictRequest("", Form.ROWS, rows(parser));
            }
            case "inputs" -> {
                requireFirst();
                read = new PredictRequest("", Form.COLUMNS, columns(parser));
            }
            default -> parser.skipChildren();
        }
    }

    private void requireFirst() {
        if (read != null) {
            throw Signatures.refused(
                    "Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist");
        }
    }

    private List<Tensor> rows(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw Signatures.refused(
                    "JSON Value: %s Expecting 'instances' to be an list/array"
                            .formatted(JsonBody.kind(parser.currentToken())));
        }
        NamedValues values = values();
        new Rows(values, true).read(parser);
        return values.tensors(Values::rows);
    }

    private List<Tensor> columns(JsonParser parser) {
        NamedValues values = values();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            values.only("inputs is a plain value/list, but expecting an object").item(parser);
            return values.tensors(Values::whole);
        }
        byte[] base64 = values.object(parser, 0, false);
        if (base64 != null) {
            values.only("inputs is a plain value/list, but expecting an object").item(base64);
        }
        String missing = values.missing(0);
        if (!missing.isEmpty()) {
            throw Signatures.refused(
                    "Missing named input: %s in 'inputs' object.".formatted(missing));
        }
        return values.tensors(Values::whole);
    }

    private NamedValues values() {
        return NamedValues.of(specs, body.mostValues(), Leniency.NONE, reservation);
    }
}
