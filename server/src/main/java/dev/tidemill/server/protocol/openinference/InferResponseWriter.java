package dev.tidemill.server.protocol.openinference;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.protocol.Classification;
import dev.tidemill.server.protocol.RawBytes;
import dev.tidemill.server.protocol.Reply;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/// Writes an inference answer.
final class InferResponseWriter {
    static final HeaderName JSON_LENGTH = HeaderNames.create("Inference-Header-Content-Length");

    private static final Header OCTETS =
            HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/octet-stream");
    static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                    .build();

    private InferResponseWriter() {}

    /// @param outputs of the model, in the order asked for
    static Reply write(ServedModel model, InferRequest request, List<Tensor> outputs) {
        List<Tensor> json = new ArrayList<>(outputs.size());
        List<Tensor> binary = new ArrayList<>();
        List<Tensor> all = outputs;
        if (!request.outputs().isEmpty() || request.usesBinary()) {
            all = new ArrayList<>(outputs.size());
            for (int i = 0; i < outputs.size(); i++) {
                Optional<RequestedOutput> asked =
                        request.outputs().isEmpty()
                                ? Optional.empty()
                                : Optional.of(request.outputs().get(i));
                Tensor output = classified(model, asked, outputs.get(i));
                all.add(output);
                boolean behind =
                        asked.flatMap(RequestedOutput::binary)
                                .orElse(
                                        (request.usesBinary() && isSixteenBit(output))
                                                || (asked.isEmpty() && request.binary()));
                (behind ? binary : json).add(output);
            }
        }
        byte[] head = head(model, request.id(), all, binary);
        return binary.isEmpty() ? Reply.json(head) : withTail(head, binary);
    }

    /// The request that brings these inputs.
    static byte[] request(List<Tensor> inputs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            TensorWriter.write(json, "inputs", inputs, List.of());
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static byte[] head(
            ServedModel model, Optional<String> id, List<Tensor> outputs, List<Tensor> binary) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", model.name());
            json.writeStringProperty("model_version", model.version());
            if (id.isPresent()) {
                json.writeStringProperty("id", id.get());
            }
            TensorWriter.write(json, "outputs", outputs, binary);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static Reply withTail(byte[] head, List<Tensor> binary) {
        int size = head.length;
        for (Tensor tensor : binary) {
            size = Math.addExact(size, RawBytes.size(tensor));
        }
        byte[] body = new byte[size];
        ByteBuffer into = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).put(head);
        binary.forEach(tensor -> RawBytes.write(tensor, into));
        return new Reply(
                body,
                OCTETS,
                List.of(HeaderValues.create(JSON_LENGTH, String.valueOf(head.length))));
    }

    /// JSON has no form for these; a client that speaks binary can take them without asking.
    private static boolean isSixteenBit(Tensor output) {
        return output.type() == DataType.FP16 || output.type() == DataType.BF16;
    }

    private static Tensor classified(
            ServedModel model, Optional<RequestedOutput> asked, Tensor output) {
        int classes = asked.map(RequestedOutput::classes).orElse(0);
        return classes == 0
                ? output
                : Classification.top(output, classes, model.labels(output.name()), model.batches());
    }
}
