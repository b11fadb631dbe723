package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.tfserving.PredictRequest.Form;
import dev.tidemill.server.protocol.tfserving.TensorCursor.NotFinite;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// Writes the answer to a predict request in the form in which it was asked.
final class PredictWriter {
    private PredictWriter() {}

    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` for outputs that the form or
    ///   JSON has no place for
    static byte[] write(Form form, List<Tensor> outputs, NotFinite notFinite) {
        List<TensorCursor> cursors =
                outputs.stream().map(output -> TensorCursor.of(output, notFinite)).toList();
        return switch (form) {
            case ROWS -> rows(cursors);
            case COLUMNS -> columns(cursors);
        };
    }

    private static byte[] rows(List<TensorCursor> outputs) {
        long rows = commonRows(outputs);
        return JsonAnswer.write(
                sizeOf(outputs),
                json -> {
                    json.writeStartObject();
                    json.writeName("predictions");
                    json.writeStartArray();
                    for (long row = 0; row < rows; row++) {
                        values(json, outputs, 1);
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                });
    }

    private static byte[] columns(List<TensorCursor> outputs) {
        return JsonAnswer.write(
                sizeOf(outputs),
                json -> {
                    json.writeStartObject();
                    json.writeName("outputs");
                    values(json, outputs, 0);
                    json.writeEndObject();
                });
    }

    /// One alone without its name.
    private static void values(JsonGenerator json, List<TensorCursor> outputs, int dimension) {
        if (outputs.size() == 1) {
            outputs.getFirst().write(json, dimension);
            return;
        }
        json.writeStartObject();
        for (TensorCursor output : outputs) {
            json.writeName(output.name());
            output.write(json, dimension);
        }
        json.writeEndObject();
    }

    private static long commonRows(List<TensorCursor> outputs) {
        long rows = -1;
        for (TensorCursor output : outputs) {
            if (output.shape().length == 0) {
                throw Signatures.refused(
                        "Tensor name: %s has no shape information".formatted(output.name()));
            }
            if (rows >= 0 && rows != output.shape()[0]) {
                throw Signatures.refused(
                        "Tensor name: %s has inconsistent batch size: %d expecting: %d"
                                .formatted(output.name(), output.shape()[0], rows));
            }
            rows = output.shape()[0];
        }
        return rows;
    }

    private static int sizeOf(List<TensorCursor> outputs) {
        long bytes = 64;
        for (TensorCursor output : outputs) {
            bytes += output.jsonBytes();
        }
        return (int) Math.min(bytes, 1 << 24);
    }
}
