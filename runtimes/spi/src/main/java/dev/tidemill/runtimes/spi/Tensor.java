package dev.tidemill.runtimes.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// A named block of values, row-major.
public sealed interface Tensor {
    String name();

    DataType type();

    long[] shape();

    /// Fixed-width elements.
    ///
    /// @param data little-endian, position to limit holding exactly the elements
    @SuppressWarnings(
            "ArrayRecordComponent") // compared nowhere; copying shapes costs on the hot path
    record Numeric(String name, DataType type, long[] shape, ByteBuffer data) implements Tensor {
        public Numeric {
            if (type == DataType.BYTES) {
                throw new IllegalArgumentException("type: 'BYTES' (expected: a fixed-width type)");
            }
            if (data.order() != ByteOrder.LITTLE_ENDIAN) {
                throw new IllegalArgumentException("data: 'BIG_ENDIAN' (expected: LITTLE_ENDIAN)");
            }
        }
    }

    /// Byte strings, one for each element.
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Text(String name, long[] shape, List<byte[]> values) implements Tensor {
        @Override
        public DataType type() {
            return DataType.BYTES;
        }
    }
}
