package dev.tidemill.server.protocol.openinference;

import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.ServedModel;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Writes an answer of Triton's generate extension: each output under its name, a value when it has
/// one element, otherwise the list of its elements.
final class GenerateWriter {
    private GenerateWriter() {}

    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` for 16-bit fractions
    static byte[] write(ServedModel model, Optional<String> id, List<Tensor> outputs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json =
                InferResponseWriter.FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (id.isPresent()) {
                json.writeStringProperty("id", id.get());
            }
            json.writeStringProperty("model_name", model.name());
            json.writeStringProperty("model_version", model.version());
            for (Tensor output : outputs) {
                json.writeName(output.name());
                write(json, output);
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Tensor output) {
        long elements = 1;
        for (long size : output.shape()) {
            elements *= size;
        }
        if (elements == 1) {
            TensorWriter.writeElements(json, output);
        } else {
            json.writeStartArray();
            TensorWriter.writeElements(json, output);
            json.writeEndArray();
        }
    }
}
