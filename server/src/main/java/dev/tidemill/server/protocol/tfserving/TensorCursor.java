package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// An output that is written value after value.
sealed interface TensorCursor {
    String name();

    long[] shape();

    /// Writes the next value.
    void next(JsonGenerator json);

    /// About how long it will be.
    long jsonBytes();

    /// How NaN and infinities are written.
    enum NotFinite {
        /// `NaN`, `Infinity`, `-Infinity`, which is no JSON, and understood by most.
        WORDS,
        NULL
    }

    static TensorCursor of(Tensor tensor, NotFinite notFinite) {
        return switch (tensor) {
            case Tensor.Text text -> Texts.of(text);
            case Tensor.Numeric numeric -> Numbers.of(numeric, notFinite);
        };
    }

    /// Writes what lies below one place of the dimensions before `dimension`, as nested lists.
    default void write(JsonGenerator json, int dimension) {
        if (dimension == shape().length) {
            next(json);
            return;
        }
        json.writeStartArray();
        for (long i = 0; i < shape()[dimension]; i++) {
            write(json, dimension + 1);
        }
        json.writeEndArray();
    }

    /// @param asBase64 as the names of outputs say that end in `_bytes`
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Texts(
            String name, long[] shape, List<byte[]> values, Iterator<byte[]> rest, boolean asBase64)
            implements TensorCursor {
        static Texts of(Tensor.Text text) {
            return new Texts(
                    text.name(),
                    text.shape(),
                    text.values(),
                    text.values().iterator(),
                    text.name().endsWith("_bytes"));
        }

        @Override
        public void next(JsonGenerator json) {
            byte[] value = rest.next();
            if (asBase64) {
                json.writeStartObject();
                json.writeStringProperty("b64", Base64.getEncoder().encodeToString(value));
                json.writeEndObject();
            } else {
                json.writeString(text(value));
            }
        }

        @Override
        public long jsonBytes() {
            long bytes = 0;
            for (byte[] value : values) {
                bytes += 16 + value.length * (asBase64 ? 4 : 3) / 3;
            }
            return bytes;
        }

        private String text(byte[] value) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(value))
                        .toString();
            } catch (CharacterCodingException e) {
                throw Signatures.refused(
                        "Failed to write JSON value of output %s: 'bytes that are no UTF-8' (expected: an output whose name ends in _bytes)"
                                .formatted(name));
            }
        }
    }

    /// Fixed-width values.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Numbers(String name, DataType type, long[] shape, ByteBuffer data, NotFinite notFinite)
            implements TensorCursor {
        static Numbers of(Tensor.Numeric numeric, NotFinite notFinite) {
            return new Numbers(
                    numeric.name(),
                    numeric.type(),
                    numeric.shape(),
                    numeric.data().duplicate().order(ByteOrder.LITTLE_ENDIAN),
                    notFinite);
        }

        @Override
        public void next(JsonGenerator json) {
            switch (type) {
                case FP32 -> fraction(json, data.getFloat());
                case FP64 -> fraction(json, data.getDouble());
                case INT64 -> json.writeNumber(data.getLong());
                case INT32 -> json.writeNumber(data.getInt());
                case INT16 -> json.writeNumber(data.getShort());
                case INT8 -> json.writeNumber(data.get());
                case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get()));
                case UINT16 -> json.writeNumber(Short.toUnsignedInt(data.getShort()));
                case UINT32 -> json.writeNumber(Integer.toUnsignedLong(data.getInt()));
                case UINT64 -> unsigned(json, data.getLong());
                case BOOL -> json.writeBoolean(data.get() != 0);
                case FP16, BF16, BYTES ->
                        throw Signatures.refused(
                                "Failed to write JSON value for tensor type: "
                                        + TfType.of(type).text());
            }
        }

        @Override
        public long jsonBytes() {
            return 12L * data.remaining() / type.byteWidth();
        }

        private void fraction(JsonGenerator json, float value) {
            if (notFinite == NotFinite.NULL && !Float.isFinite(value)) {
                json.writeNull();
            } else {
                json.writeNumber(value);
            }
        }

        private void fraction(JsonGenerator json, double value) {
            if (notFinite == NotFinite.NULL && !Double.isFinite(value)) {
                json.writeNull();
            } else {
                json.writeNumber(value);
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
}
