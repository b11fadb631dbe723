package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.JsonElements;
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
            if (!JsonElements.canWrite(type)) {
                throw Signatures.refused(
                        "Failed to write JSON value for tensor type: " + TfType.of(type).text());
            }
            if (notFinite == NotFinite.NULL && type.isFraction() && !isFinite()) {
                data.position(data.position() + type.byteWidth());
                json.writeNull();
            } else {
                JsonElements.next(json, type, data);
            }
        }

        @Override
        public long jsonBytes() {
            return 12L * data.remaining() / type.byteWidth();
        }

        /// Of the next one, which is a fraction.
        private boolean isFinite() {
            int at = data.position();
            return type == DataType.FP32
                    ? Float.isFinite(data.getFloat(at))
                    : Double.isFinite(data.getDouble(at));
        }
    }
}
