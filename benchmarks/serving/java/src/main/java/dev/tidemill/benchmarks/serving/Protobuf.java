package dev.tidemill.benchmarks.serving;

import dev.tidemill.benchmarks.serving.Engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The fields of ModelInferRequest and ModelInferResponse that raw tensors need.
final class Protobuf {
    private static final int MODEL = 1;
    private static final int VERSION = 2;
    private static final int INPUTS = 5;
    private static final int RAW_INPUTS = 7;
    private static final int OUTPUTS = 5;
    private static final int RAW_OUTPUTS = 6;
    private static final int BYTES = 2;

    private Protobuf() {}

    record Infer(String model, List<Tensor> inputs) {}

    private record Described(String name, String type, long[] shape) {}

    static Infer read(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        String model = "";
        List<Described> described = new ArrayList<>(2);
        List<ByteBuffer> raw = new ArrayList<>(2);
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            switch (tag >>> 3) {
                case MODEL -> model = string(in);
                case INPUTS -> described.add(described(slice(in)));
                case RAW_INPUTS -> raw.add(direct(slice(in)));
                default -> skip(in, tag & 7);
            }
        }
        List<Tensor> inputs = new ArrayList<>(described.size());
        for (int i = 0; i < described.size(); i++) {
            Described input = described.get(i);
            inputs.add(new Tensor(input.name(), input.type(), input.shape(), raw.get(i)));
        }
        return new Infer(model, inputs);
    }

    static byte[] write(String model, List<Tensor> outputs) {
        int raw = 0;
        for (Tensor output : outputs) {
            raw += output.data().remaining();
        }
        ByteBuffer out = ByteBuffer.allocate(256 + 256 * outputs.size() + raw);
        string(out, MODEL, model);
        string(out, VERSION, "1");
        for (Tensor output : outputs) {
            ByteBuffer tensor = ByteBuffer.allocate(240);
            string(tensor, 1, output.name());
            string(tensor, 2, output.type());
            ByteBuffer shape = ByteBuffer.allocate(80);
            for (long dimension : output.shape()) {
                varint(shape, dimension);
            }
            field(tensor, 3, shape.flip());
            field(out, OUTPUTS, tensor.flip());
        }
        for (Tensor output : outputs) {
            field(out, RAW_OUTPUTS, output.data());
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static Described described(ByteBuffer in) {
        String name = "";
        String type = "";
        long[] shape = new long[8];
        int rank = 0;
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            switch (tag) {
                case 1 << 3 | BYTES -> name = string(in);
                case 2 << 3 | BYTES -> type = string(in);
                case 3 << 3 -> shape[rank++] = varint(in);
                case 3 << 3 | BYTES -> {
                    for (ByteBuffer packed = slice(in); packed.hasRemaining(); ) {
                        shape[rank++] = varint(packed);
                    }
                }
                default -> skip(in, tag & 7);
            }
        }
        return new Described(name, type, Arrays.copyOf(shape, rank));
    }

    private static ByteBuffer direct(ByteBuffer bytes) {
        return ByteBuffer.allocateDirect(bytes.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(bytes)
                .flip();
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static void varint(ByteBuffer out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static ByteBuffer slice(ByteBuffer in) {
        int length = (int) varint(in);
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return slice;
    }

    private static String string(ByteBuffer in) {
        return StandardCharsets.UTF_8.decode(slice(in)).toString();
    }

    private static void string(ByteBuffer out, int number, String value) {
        field(out, number, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    private static void field(ByteBuffer out, int number, ByteBuffer value) {
        varint(out, (long) number << 3 | BYTES);
        varint(out, value.remaining());
        out.put(value);
    }

    private static void skip(ByteBuffer in, int wireType) {
        switch (wireType) {
            case 0 -> varint(in);
            case 1 -> in.position(in.position() + 8);
            case BYTES -> slice(in);
            default -> in.position(in.position() + 4);
        }
    }
}
