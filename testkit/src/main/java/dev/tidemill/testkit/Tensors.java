package dev.tidemill.testkit;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Tensors written as tests think of them.
public final class Tensors {
    private Tensors() {}

    public static Tensor.Numeric ints(String name, long[] shape, int... values) {
        ByteBuffer data = buffer(4 * values.length);
        data.asIntBuffer().put(values);
        return new Tensor.Numeric(name, DataType.INT32, shape, data);
    }

    public static Tensor.Numeric floats(String name, long[] shape, float... values) {
        ByteBuffer data = buffer(4 * values.length);
        data.asFloatBuffer().put(values);
        return new Tensor.Numeric(name, DataType.FP32, shape, data);
    }

    /// Elements as they lie in memory, little-endian.
    public static Tensor.Numeric raw(String name, DataType type, long[] shape, byte... bytes) {
        return new Tensor.Numeric(name, type, shape, buffer(bytes.length).put(bytes).flip());
    }

    public static Tensor.Text texts(String name, long[] shape, String... values) {
        List<byte[]> bytes =
                Arrays.stream(values).map(value -> value.getBytes(StandardCharsets.UTF_8)).toList();
        return new Tensor.Text(name, shape, bytes);
    }

    public static int[] intsOf(Tensor tensor) {
        int[] values = new int[bytes(tensor).remaining() / 4];
        bytes(tensor).asIntBuffer().get(values);
        return values;
    }

    public static float[] floatsOf(Tensor tensor) {
        float[] values = new float[bytes(tensor).remaining() / 4];
        bytes(tensor).asFloatBuffer().get(values);
        return values;
    }

    public static byte[] bytesOf(Tensor tensor) {
        byte[] values = new byte[bytes(tensor).remaining()];
        bytes(tensor).get(values);
        return values;
    }

    public static List<String> textsOf(Tensor tensor) {
        return ((Tensor.Text) tensor)
                .values().stream().map(value -> new String(value, StandardCharsets.UTF_8)).toList();
    }

    private static ByteBuffer bytes(Tensor tensor) {
        return ((Tensor.Numeric) tensor).data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
