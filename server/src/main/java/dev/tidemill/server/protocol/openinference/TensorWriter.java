package dev.tidemill.server.protocol.openinference;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.JsonElements;
import dev.tidemill.server.protocol.RawBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// Writes tensors, as Triton does; 16-bit fractions are the client's choice of protocol.
final class TensorWriter {
    private TensorWriter() {}

    /// @param key `outputs` or `inputs`
    /// @param binary those whose values follow the JSON
    /// @throws TidemillException `INVALID_REQUEST` for 16-bit fractions
    static void write(JsonGenerator json, String key, List<Tensor> tensors, List<Tensor> binary) {
        json.writeName(key);
        json.writeStartArray();
        for (Tensor tensor : tensors) {
            write(json, tensor, binary.contains(tensor));
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Tensor output, boolean behind) {
        json.writeStartObject();
        json.writeStringProperty("name", output.name());
        json.writeStringProperty("datatype", output.type().name());
        json.writeName("shape");
        json.writeStartArray();
        for (long size : output.shape()) {
            json.writeNumber(size);
        }
        json.writeEndArray();
        if (behind) {
            json.writeName("parameters");
            json.writeStartObject();
            json.writeNumberProperty("binary_data_size", RawBytes.size(output));
            json.writeEndObject();
        } else {
            writeData(json, output);
        }
        json.writeEndObject();
    }

    private static void writeData(JsonGenerator json, Tensor output) {
        json.writeName("data");
        json.writeStartArray();
        writeElements(json, output);
        json.writeEndArray();
    }

    /// The elements alone, one after the other.
    ///
    /// @throws TidemillException as [#write]
    static void writeElements(JsonGenerator json, Tensor output) {
        switch (output) {
            case Tensor.Text text -> {
                for (byte[] value : text.values()) {
                    json.writeUTF8String(value, 0, value.length);
                }
            }
            case Tensor.Numeric numeric -> write(json, numeric);
        }
    }

    private static void write(JsonGenerator json, Tensor.Numeric output) {
        ByteBuffer data = output.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        DataType type = output.type();
        if (data.hasRemaining() && !JsonElements.canWrite(type)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "output %s: '%s' (expected: other outputs; 16-bit fractions cannot travel as JSON)"
                            .formatted(output.name(), type));
        }
        while (data.hasRemaining()) {
            JsonElements.next(json, type, data);
        }
    }
}
