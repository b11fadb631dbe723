package dev.tidemill.runtimes.spi;

import java.nio.ByteBuffer;

/// Element types of tensors, by their Open Inference Protocol names.
public enum DataType {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    BF16(2),
    FP32(4),
    FP64(8),
    /// Byte strings of any length each.
    BYTES(-1);

    private final int byteWidth;

    DataType(int byteWidth) {
        this.byteWidth = byteWidth;
    }

    /// Bytes an element takes; -1 for [#BYTES].
    public int byteWidth() {
        return byteWidth;
    }

    /// Whether its elements are floating-point numbers.
    public boolean isFraction() {
        return switch (this) {
            case FP16, BF16, FP32, FP64 -> true;
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> false;
        };
    }

    /// Writes a number as an element of this type: fractions cut for integers, no range checked.
    ///
    /// @param data little-endian
    /// @throws IllegalArgumentException for [#BYTES]
    public void put(ByteBuffer data, double number) {
        switch (this) {
            case FP32 -> data.putFloat((float) number);
            case FP64 -> data.putDouble(number);
            case FP16 -> data.putShort(Float.floatToFloat16((float) number));
            case BF16 -> data.putShort((short) (Float.floatToIntBits((float) number) >>> 16));
            case INT64, UINT64 -> data.putLong((long) number);
            case INT32, UINT32 -> data.putInt((int) (long) number);
            case INT16, UINT16 -> data.putShort((short) (int) number);
            case INT8, UINT8, BOOL -> data.put((byte) (int) number);
            case BYTES -> throw new IllegalArgumentException("type: 'BYTES' (expected: a number)");
        }
    }
}
