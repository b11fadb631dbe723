package dev.tidemill.server.protocol.openinference;

import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.ServedModel;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// Writes an inference answer.
final class InferResponseWriter {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

    private InferResponseWriter() {}

    /// @param id of the request
    static byte[] write(ServedModel model, Optional<String> id, List<Tensor> outputs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", model.name());
            json.writeStringProperty("model_version", model.version());
            if (id.isPresent()) {
                json.writeStringProperty("id", id.get());
            }
            TensorWriter.write(json, "outputs", outputs);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /// The request that brings these inputs.
    static byte[] request(List<Tensor> inputs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            TensorWriter.write(json, "inputs", inputs);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
