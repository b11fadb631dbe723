package dev.tidemill.server.protocol;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Tensors as they lie in memory: little-endian, row-major, without padding; byte strings each
/// after their length in four bytes.
public final class RawBytes {
    /// What a text takes in memory beside its bytes: its header, and its place in a list.
    public static final int TEXT_BYTES = 32;

    private static final int LENGTH = 4;

    private RawBytes() {}

    /// @param data exactly the tensor's bytes; shared, not copied
    /// @param what for messages
    /// @param reservation asked for texts, which are copied, each into an array of its own
    /// @throws TidemillException `INVALID_REQUEST` when the bytes are not what the shape says
    public static Tensor read(
            String name,
            DataType type,
            long[] shape,
            ByteBuffer data,
            String what,
            Bodies.Budget reservation) {
        long elements = elements(shape, what);
        if (type == DataType.BYTES) {
            reservation.take(
                    data.remaining() + Math.min(elements, data.remaining() / LENGTH) * TEXT_BYTES);
            return new Tensor.Text(name, shape, texts(data, elements, what));
        }
        if (elements * type.byteWidth() != data.remaining()) {
            throw refused(
                    "%s: '%d bytes' (expected: %d, as datatype and shape say)"
                            .formatted(what, data.remaining(), elements * type.byteWidth()));
        }
        return new Tensor.Numeric(name, type, shape, data.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    /// Bytes that [#write] takes.
    public static int size(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Numeric numeric -> numeric.data().remaining();
            case Tensor.Text text -> {
                int bytes = 0;
                for (byte[] value : text.values()) {
                    bytes = Math.addExact(bytes, LENGTH + value.length);
                }
                yield bytes;
            }
        };
    }

    /// @param into little-endian
    public static void write(Tensor tensor, ByteBuffer into) {
        switch (tensor) {
            case Tensor.Numeric numeric -> into.put(numeric.data().duplicate());
            case Tensor.Text text -> {
                for (byte[] value : text.values()) {
                    into.putInt(value.length).put(value);
                }
            }
        }
    }

    private static List<byte[]> texts(ByteBuffer data, long elements, String what) {
        ByteBuffer left = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (elements > left.remaining() / LENGTH) {
            throw refused(
                    "%s: '%d bytes' (expected: a length and a text for each of %d elements)"
                            .formatted(what, left.remaining(), elements));
        }
        List<byte[]> texts = new ArrayList<>((int) elements);
        for (int i = 0; i < elements; i++) {
            int length = left.remaining() < LENGTH ? -1 : left.getInt();
            if (length < 0 || length > left.remaining()) {
                throw refused(
                        "%s[%d]: 'a length beyond the data' (expected: four bytes of length, then the text)"
                                .formatted(what, i));
            }
            byte[] text = new byte[length];
            left.get(text);
            texts.add(text);
        }
        if (left.hasRemaining()) {
            throw refused(
                    "%s: '%d bytes more' (expected: %d elements)"
                            .formatted(what, left.remaining(), elements));
        }
        return texts;
    }

    private static long elements(long[] shape, String what) {
        long room = 1;
        boolean empty = false;
        for (long size : shape) {
            if (size < 0 || size > Integer.MAX_VALUE / room) {
                throw refused(
                        what + ".shape: 'out of range' (expected: sizes of a tensor in memory)");
            }
            empty |= size == 0;
            // Without elements, too, the other sizes must make sense.
            room *= Math.max(1, size);
        }
        return empty ? 0 : room;
    }

    private static TidemillException refused(String message) {
        return new TidemillException(ErrorCode.INVALID_REQUEST, message);
    }
}
