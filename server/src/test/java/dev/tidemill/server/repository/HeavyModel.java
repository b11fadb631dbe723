package dev.tidemill.server.repository;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// An ONNX file with large weights and small inputs: `y = weights[x]`, written byte by byte as
/// onnx.proto says.
final class HeavyModel {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private static final float MARK = 12_345.678f;

    private final ByteBuffer file;
    private final int first;

    /// @param numbers of the weights, all zero but the first
    HeavyModel(int numbers) {
        file = ByteBuffer.wrap(of(numbers)).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (file.getFloat(at) != MARK) {
            at++;
        }
        first = at;
    }

    /// The file, with that first weight.
    byte[] with(float value) {
        return file.putFloat(first, value).array();
    }

    private static byte[] of(int numbers) {
        ByteBuffer weights = ByteBuffer.allocate(numbers * 4).order(ByteOrder.LITTLE_ENDIAN);
        weights.putFloat(MARK);
        byte[] node = join(text(1, "w"), text(1, "x"), text(2, "y"), text(4, "Gather"));
        byte[] initializer =
                join(number(1, numbers), number(2, FLOAT), text(8, "w"), bytes(9, weights.array()));
        byte[] graph =
                join(
                        bytes(1, node),
                        text(2, "heavy"),
                        bytes(5, initializer),
                        bytes(11, value("x", INT64)),
                        bytes(12, value("y", FLOAT)));
        return join(number(1, 8), bytes(7, graph), bytes(8, number(2, 13)));
    }

    private static byte[] value(String name, int type) {
        byte[] shape = bytes(1, text(2, "n"));
        byte[] tensor = join(number(1, type), bytes(2, shape));
        return join(text(1, name), bytes(2, bytes(1, tensor)));
    }

    private static byte[] text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(int field, byte[] bytes) {
        return join(varint(field << 3 | 2), varint(bytes.length), bytes);
    }

    private static byte[] number(int field, long number) {
        return join(varint(field << 3), varint(number));
    }

    private static byte[] varint(long number) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = number;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
