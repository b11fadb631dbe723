package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.util.List;

/// Numbers of one type to another: `input` to `output`, of the same shape. Fractions are cut
/// towards zero and held within the range of integers, NaN becomes 0; between integers the lowest
/// bits stay; truth is 1, and everything but 0 is true.
record Cast(DataType from, DataType to, List<Long> shape) implements FunctionModel {
    static final String NAME = "cast";

    Cast {
        shape = List.copyOf(shape);
    }

    static Cast of(FunctionParameters parameters) {
        return new Cast(
                number(parameters, "from", DataType.FP32),
                number(parameters, "to", DataType.FP32),
                parameters.shape("shape", List.of(-1L, -1L)));
    }

    @Override
    public List<TensorSpec> inputs() {
        return List.of(new TensorSpec("input", from, shape));
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(new TensorSpec("output", to, shape));
    }

    @Override
    public long workingBytes(List<Tensor> inputs) {
        return FunctionModel.elements(inputs.getFirst()) * to.byteWidth();
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        ByteBuffer given = FunctionModel.bytes(inputs.getFirst());
        long[] sizes = inputs.getFirst().shape();
        ByteBuffer result = FunctionModel.block(to, sizes);
        boolean whole = isWhole(from) && isWhole(to);
        while (given.hasRemaining()) {
            if (whole) {
                putWhole(result, whole(given));
            } else {
                putFraction(result, isWhole(from) ? wide(whole(given)) : fraction(given));
            }
        }
        return List.of(new Tensor.Numeric("output", to, sizes, result.flip()));
    }

    private long whole(ByteBuffer data) {
        return switch (from) {
            case BOOL -> data.get() == 0 ? 0 : 1;
            case UINT8 -> data.get() & 0xff;
            case INT8 -> data.get();
            case UINT16 -> data.getShort() & 0xffff;
            case INT16 -> data.getShort();
            case UINT32 -> data.getInt() & 0xffff_ffffL;
            case INT32 -> data.getInt();
            case UINT64, INT64 -> data.getLong();
            case FP16, BF16, FP32, FP64, BYTES -> throw new IllegalStateException(from.name());
        };
    }

    private double wide(long value) {
        boolean high = from == DataType.UINT64 && value < 0;
        return high ? ((value >>> 1) | (value & 1)) * 2.0 : value;
    }

    private double fraction(ByteBuffer data) {
        return switch (from) {
            case FP16 -> Float.float16ToFloat(data.getShort());
            case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
            case FP32 -> data.getFloat();
            case FP64 -> data.getDouble();
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES ->
                    throw new IllegalStateException(from.name());
        };
    }

    private void putWhole(ByteBuffer result, long value) {
        switch (to) {
            case BOOL -> result.put((byte) (value == 0 ? 0 : 1));
            case UINT8, INT8 -> result.put((byte) value);
            case UINT16, INT16 -> result.putShort((short) value);
            case UINT32, INT32 -> result.putInt((int) value);
            case UINT64, INT64 -> result.putLong(value);
            case FP16, BF16, FP32, FP64, BYTES -> throw new IllegalStateException(to.name());
        }
    }

    private void putFraction(ByteBuffer result, double value) {
        switch (to) {
            case FP16 -> result.putShort(Float.floatToFloat16((float) value));
            case BF16 -> result.putShort(brain((float) value));
            case FP32 -> result.putFloat((float) value);
            case FP64 -> result.putDouble(value);
            case BOOL -> result.put((byte) (value == 0 ? 0 : 1));
            case UINT8 -> result.put((byte) held(value, 0, 255));
            case INT8 -> result.put((byte) held(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UINT16 -> result.putShort((short) held(value, 0, 65_535));
            case INT16 -> result.putShort((short) held(value, Short.MIN_VALUE, Short.MAX_VALUE));
            case UINT32 -> result.putInt((int) held(value, 0, 0xffff_ffffL));
            case INT32 -> result.putInt((int) value);
            case INT64 -> result.putLong((long) value);
            case UINT64 -> result.putLong(unsigned(value));
            case BYTES -> throw new IllegalStateException(to.name());
        }
    }

    private static long held(double value, long min, long max) {
        return Math.clamp((long) value, min, max);
    }

    private static long unsigned(double value) {
        if (!(value > 0)) {
            return 0;
        }
        double half = 0x1p63;
        return value < half
                ? (long) value
                : value < 2 * half ? (long) (value - half) + Long.MIN_VALUE : -1;
    }

    /// The upper half of a float, rounded to the nearest, to even where two are as near.
    private static short brain(float value) {
        int bits = Float.floatToIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    private static boolean isWhole(DataType type) {
        return switch (type) {
            case FP16, BF16, FP32, FP64, BYTES -> false;
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> true;
        };
    }

    private static DataType number(FunctionParameters parameters, String key, DataType otherwise) {
        DataType type = parameters.type(key, otherwise);
        if (type == DataType.BYTES) {
            throw FunctionParameters.wrong(key, "BYTES", "a type of numbers");
        }
        return type;
    }
}
