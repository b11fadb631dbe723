package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.runtimes.spi.DataType;
import java.util.Locale;
import java.util.Optional;

/// TensorFlow's element types, by the names and numbers of its `DataType` enumeration.
public enum TfType {
    DT_FLOAT(1, DataType.FP32),
    DT_DOUBLE(2, DataType.FP64),
    DT_INT32(3, DataType.INT32),
    DT_UINT8(4, DataType.UINT8),
    DT_INT16(5, DataType.INT16),
    DT_INT8(6, DataType.INT8),
    DT_STRING(7, DataType.BYTES),
    DT_INT64(9, DataType.INT64),
    DT_BOOL(10, DataType.BOOL),
    DT_BFLOAT16(14, DataType.BF16),
    DT_UINT16(17, DataType.UINT16),
    DT_HALF(19, DataType.FP16),
    DT_UINT32(22, DataType.UINT32),
    DT_UINT64(23, DataType.UINT64);

    private final int number;
    private final DataType dataType;

    TfType(int number, DataType dataType) {
        this.number = number;
        this.dataType = dataType;
    }

    public static TfType of(DataType type) {
        return switch (type) {
            case BOOL -> DT_BOOL;
            case UINT8 -> DT_UINT8;
            case UINT16 -> DT_UINT16;
            case UINT32 -> DT_UINT32;
            case UINT64 -> DT_UINT64;
            case INT8 -> DT_INT8;
            case INT16 -> DT_INT16;
            case INT32 -> DT_INT32;
            case INT64 -> DT_INT64;
            case FP16 -> DT_HALF;
            case BF16 -> DT_BFLOAT16;
            case FP32 -> DT_FLOAT;
            case FP64 -> DT_DOUBLE;
            case BYTES -> DT_STRING;
        };
    }

    /// Empty for what we do not have: complex numbers, quantised integers, references, resources.
    public static Optional<TfType> byNumber(int number) {
        for (TfType type : values()) {
            if (type.number == number) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /// In the protocol files.
    public int number() {
        return number;
    }

    public DataType dataType() {
        return dataType;
    }

    /// As its messages write it, such as `float`.
    public String text() {
        return name().substring("DT_".length()).toLowerCase(Locale.ROOT);
    }
}
