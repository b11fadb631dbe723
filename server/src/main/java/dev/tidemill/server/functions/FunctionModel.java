package dev.tidemill.server.functions;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/// A model that holds no native memory.
interface FunctionModel extends LoadedModel {
    /// Of one tensor.
    long MAX_BYTES = 1L << 30;

    @Override
    default boolean isWeighed() {
        return true;
    }

    /// What the outputs take, and what is made on the way to them.
    @Override
    long workingBytes(List<Tensor> inputs);

    @Override
    default void close() {}

    /// Elements of a tensor of numbers.
    static long elements(Tensor tensor) {
        return ((Tensor.Numeric) tensor).data().remaining() / tensor.type().byteWidth();
    }

    /// @throws TidemillException `INVALID_REQUEST` when it would be too large
    static ByteBuffer block(DataType type, long... shape) {
        double elements = type.byteWidth();
        long bytes = type.byteWidth();
        for (long size : shape) {
            elements *= size;
            bytes *= size;
        }
        if (elements > MAX_BYTES) {
            throw refused("result", "%.0f bytes".formatted(elements), "at most 1 GiB");
        }
        return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The elements of a tensor, with a position of its own.
    static ByteBuffer bytes(Tensor tensor) {
        ByteBuffer data = ((Tensor.Numeric) tensor).data();
        return data.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    static FloatBuffer floats(Tensor tensor) {
        return bytes(tensor).asFloatBuffer();
    }

    static TidemillException refused(String what, String found, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(what, found, expected));
    }
}
