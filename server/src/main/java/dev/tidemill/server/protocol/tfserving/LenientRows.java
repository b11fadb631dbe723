package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.protocol.tfserving.Leaf.Leniency;
import dev.tidemill.server.protocol.tfserving.PredictRequest.Form;
import dev.tidemill.server.protocol.tfserving.TensorCursor.NotFinite;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The row form as KServe's first protocol has it, which hands what comes to numpy: `inputs` means
/// the same as `instances`, 1.0 is an integer where one is wanted, true is 1, keys that are no
/// inputs mean nothing; what is not finite is answered by null. The rows must be even, and nothing
/// may follow the document.
public final class LenientRows {
    private final JsonBody body;
    private final List<TensorSpec> specs;
    private final Bodies.Budget reservation;
    private @Nullable List<Tensor> read;

    private LenientRows(byte[] body, List<TensorSpec> specs, Bodies.Budget reservation) {
        this.body = new JsonBody(body);
        this.specs = specs;
        this.reservation = reservation;
    }

    /// @param specs what the model takes
    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST`
    public static List<Tensor> read(
            byte[] body, List<TensorSpec> specs, Bodies.Budget reservation) {
        LenientRows rows = new LenientRows(body, specs, reservation);
        rows.body.readWhole(rows::member);
        if (rows.read == null) {
            throw Signatures.refused("Expected \"instances\" or \"inputs\" to be in the request");
        }
        return rows.read;
    }

    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` for outputs without common
    ///   rows, and for what JSON has no words for
    public static byte[] write(List<Tensor> outputs) {
        return PredictWriter.write(Form.ROWS, outputs, NotFinite.NULL);
    }

    private void member(JsonParser parser) {
        String key = parser.currentName();
        if (!key.equals("instances") && !key.equals("inputs")) {
            parser.skipChildren();
            return;
        }
        if (read != null) {
            throw Signatures.refused("Expected only one of \"instances\" and \"inputs\"");
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw Signatures.refused("Expected \"%s\" to be a list".formatted(key));
        }
        NamedValues values = NamedValues.of(specs, body.mostValues(), Leniency.NUMPY, reservation);
        new Rows(values, false).read(parser);
        read = values.tensors(Values::rows);
    }
}
