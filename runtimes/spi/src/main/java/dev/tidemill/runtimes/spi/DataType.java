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

    /// Reads an element of this type as a number: 64-bit integers rounded, truth as 0 and 1.
    ///
    /// @param data little-endian
    /// @throws IllegalArgumentException for [#BYTES]
    public double get(ByteBuffer data) {
        return switch (this) {
            case FP32 -> data.getFloat();
            case FP64 -> data.getDouble();
            case FP16 -> Float.float16ToFloat(data.getShort());
            case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
            case INT64 -> data.getLong();
            case INT32 -> data.getInt();
            case INT16 -> data.getShort();
            case INT8, BOOL -> data.get();
            case UINT8 -> Byte.toUnsignedInt(data.get());
            case UINT16 -> Short.toUnsignedInt(data.getShort());
            case UINT32 -> Integer.toUnsignedLong(data.getInt());
            case UINT64 -> unsigned(data.getLong());
            case BYTES -> throw new IllegalArgumentException("type: 'BYTES' (expected: a number)");
        };
    }

    /// The lowest bit stays where half of it is rounded.
    private static double unsigned(long value) {
        return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }
}
