package dev.tidemill.server.protocol;

import dev.tidemill.runtimes.spi.DataType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import tools.jackson.core.JsonGenerator;

/// Elements of tensors as JSON has them: numbers, `true` and `false`. NaN and the infinities are
/// written as these words, which strict JSON does not have and the field's servers write too.
public final class JsonElements {
    private JsonElements() {}

    /// Whether elements of a type can be written here: not 16-bit fractions, and not texts.
    public static boolean canWrite(DataType type) {
        return switch (type) {
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP32, FP64 -> true;
            case FP16, BF16, BYTES -> false;
        };
    }

    /// Writes the element at the data's position, which moves on.
    ///
    /// @param type that [#canWrite]
    /// @param data little-endian
    public static void next(JsonGenerator json, DataType type, ByteBuffer data) {
        switch (type) {
            case FP32 -> json.writeNumber(data.getFloat());
            case FP64 -> json.writeNumber(data.getDouble());
            case INT64 -> json.writeNumber(data.getLong());
            case INT32 -> json.writeNumber(data.getInt());
            case INT16 -> json.writeNumber(data.getShort());
            case INT8 -> json.writeNumber(data.get());
            case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get()));
            case UINT16 -> json.writeNumber(Short.toUnsignedInt(data.getShort()));
            case UINT32 -> json.writeNumber(Integer.toUnsignedLong(data.getInt()));
            case UINT64 -> unsigned(json, data.getLong());
            case BOOL -> json.writeBoolean(data.get() != 0);
            case FP16, BF16, BYTES -> throw new IllegalStateException(type.name());
        }
    }

    private static void unsigned(JsonGenerator json, long value) {
        if (value >= 0) {
            json.writeNumber(value);
        } else {
            json.writeNumber(new BigInteger(Long.toUnsignedString(value)));
        }
    }
}
