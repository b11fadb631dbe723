package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The values of one input while they arrive, straight in the form in which the model takes them.
/// Nothing is wrapped or guessed: integers must be integers in range, and truth is no number.
/// Fractions beyond the range of FP32 become infinite, as in TensorFlow.
public final class Column {
    private static final BigInteger MAX_UINT64 =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    /// What a byte string takes beside its bytes, and how many are paid for at a time.
    private static final int TEXT_BYTES = 32;

    private static final int TEXTS = 1024;
    private static final int LEAST = 16;

    private final TensorSpec spec;
    private final DataType type;
    private final Bodies.Budget reservation;
    private final List<byte[]> texts;
    private ByteBuffer data;
    private int count;

    /// @param expected how many values will come, if it is known; more may come all the same
    /// @param reservation asked before memory is taken
    /// @throws TidemillException `INVALID_REQUEST` for types that this protocol has no values for
    public Column(TensorSpec spec, int expected, Bodies.Budget reservation) {
        this.spec = spec;
        this.type = spec.type();
        this.reservation = reservation;
        if (type == DataType.FP16 || type == DataType.BF16) {
            throw Signatures.refused(
                    "Conversion of values of input %s to type: %s is not supported (expected: a protocol with binary tensors)"
                            .formatted(spec.name(), TfType.of(type).text()));
        }
        boolean text = type == DataType.BYTES;
        this.texts = new ArrayList<>(text ? Math.min(Math.max(expected, 0), TEXTS) : 0);
        this.data = text ? ByteBuffer.allocate(0) : allocate(Math.max(expected, LEAST));
    }

    public TensorSpec spec() {
        return spec;
    }

    /// How many values there are.
    public int count() {
        return count;
    }

    public void add(long value) {
        switch (type) {
            case FP32 -> put().putFloat((float) value);
            case FP64 -> put().putDouble((double) value);
            case INT64 -> put().putLong(value);
            case INT32 -> put().putInt((int) in(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT16 -> put().putShort((short) in(value, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT8 -> put().put((byte) in(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UINT8 -> put().put((byte) in(value, 0, 255));
            case UINT16 -> put().putShort((short) in(value, 0, 65_535));
            case UINT32 -> put().putInt((int) in(value, 0, (1L << 32) - 1));
            case UINT64 -> put().putLong(in(value, 0, Long.MAX_VALUE));
            case BOOL, FP16, BF16, BYTES -> throw wrongType(String.valueOf(value), "Number");
        }
    }

    /// Of any size.
    public void add(BigInteger value) {
        if (value.bitLength() < Long.SIZE) {
            add(value.longValue());
        } else if (type == DataType.FP32 || type == DataType.FP64) {
            add(value.doubleValue());
        } else if (type == DataType.UINT64
                && value.signum() > 0
                && value.compareTo(MAX_UINT64) <= 0) {
            put().putLong(value.longValue());
        } else {
            throw wrongType("an integer of %d bits".formatted(value.bitLength()), "Number");
        }
    }

    public void add(float value) {
        if (type == DataType.FP32) {
            put().putFloat(value);
        } else {
            add((double) value);
        }
    }

    public void add(double value) {
        switch (type) {
            case FP32 -> put().putFloat((float) value);
            case FP64 -> put().putDouble(value);
            default -> throw wrongType(String.valueOf(value), "Number");
        }
    }

    public void add(boolean value) {
        if (type != DataType.BOOL) {
            throw wrongType(String.valueOf(value), value ? "True" : "False");
        }
        put().put((byte) (value ? 1 : 0));
    }

    /// A byte string, not copied.
    public void add(byte[] value) {
        if (type != DataType.BYTES) {
            throw wrongType("\"...\"", "String");
        }
        if (count % TEXTS == 0) {
            reservation.take((long) TEXTS * TEXT_BYTES);
        }
        texts.add(value);
        count++;
    }

    /// The `index`th value of another column of the same input.
    void addFrom(Column other, int index) {
        if (type == DataType.BYTES) {
            add(other.texts.get(index));
        } else {
            int width = type.byteWidth();
            put();
            data.put(data.position(), other.data, index * width, width);
            data.position(data.position() + width);
        }
    }

    /// @param shape with as many elements as there are values
    public Tensor tensor(long[] shape) {
        return type == DataType.BYTES
                ? new Tensor.Text(spec.name(), shape, texts)
                : new Tensor.Numeric(spec.name(), type, shape, data.flip());
    }

    /// @param found in words
    /// @param kind such as `Object`
    TidemillException wrongType(String found, String kind) {
        return Signatures.refused(
                "JSON Value: %s Type: %s is not of expected type: %s"
                        .formatted(found, kind, TfType.of(type).text()));
    }

    /// Counts a value and makes room for it.
    private ByteBuffer put() {
        if (data.remaining() < type.byteWidth()) {
            ByteBuffer larger = allocate(Math.multiplyExact(2, Math.max(count, LEAST)));
            data = larger.put(data.flip());
        }
        count++;
        return data;
    }

    private ByteBuffer allocate(int elements) {
        long bytes = (long) elements * type.byteWidth();
        if (bytes > Integer.MAX_VALUE) {
            throw Signatures.refused(
                    "input %s: '%d values' (expected: less than 2 GiB)"
                            .formatted(spec.name(), elements));
        }
        reservation.take(bytes);
        return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private long in(long value, long min, long max) {
        if (value < min || value > max) {
            throw wrongType(String.valueOf(value), "Number");
        }
        return value;
    }
}
