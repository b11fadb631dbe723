package dev.tidemill.runtimes.spi;

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
}
