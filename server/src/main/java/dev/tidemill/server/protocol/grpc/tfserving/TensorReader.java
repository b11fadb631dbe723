package dev.tidemill.server.protocol.grpc.tfserving;

import com.google.protobuf.ByteString;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.protos.tensorflow.TensorProto;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.RawBytes;
import dev.tidemill.server.protocol.tfserving.TfType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads a `TensorProto`: bytes, or values in the field of their type. Of values there may be fewer
/// than the shape says: the last one stands for all that are missing, and none stands for zeros, as
/// TensorFlow has it.
final class TensorReader {
    private final String name;
    private final TensorProto proto;
    private final DataType type;
    private final long[] shape;
    private final int elements;

    private TensorReader(String name, TensorProto proto) {
        this.name = name;
        this.proto = proto;
        this.type = type();
        this.shape = shape();
        this.elements = elements();
    }

    /// @param reservation asked before memory is taken, because a few bytes can stand for many
    /// @throws TidemillException `INVALID_REQUEST`
    static Tensor read(String name, TensorProto proto, Bodies.Budget reservation) {
        TensorReader reader = new TensorReader(name, proto);
        if (reader.type == DataType.BYTES) {
            return new Tensor.Text(name, reader.shape, reader.texts(reservation));
        }
        long bytes = (long) reader.elements * reader.type.byteWidth();
        if (bytes > Integer.MAX_VALUE) {
            throw reader.refused("shape", Arrays.toString(reader.shape), "less than 2 GiB");
        }
        reservation.take(bytes);
        return new Tensor.Numeric(name, reader.type, reader.shape, reader.data((int) bytes));
    }

    private ByteBuffer data(int bytes) {
        ByteString content = proto.getTensorContent();
        if (!content.isEmpty() && content.size() != bytes) {
            throw refused(
                    "tensor_content",
                    content.size() + " bytes",
                    "%d bytes, as the shape %s of %s says"
                            .formatted(bytes, Arrays.toString(shape), TfType.of(type)));
        }
        ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (content.isEmpty()) {
            int given = values();
            for (int i = 0; i < elements && given > 0; i++) {
                put(data, Math.min(i, given - 1));
            }
            data.position(bytes);
        } else {
            content.copyTo(data);
        }
        return data.flip();
    }

    /// The last one is copied once and stands at many places. Its bytes are asked for at each of
    /// them all the same: who reads the tensor, the runtime first, copies them there.
    private List<byte[]> texts(Bodies.Budget reservation) {
        if (!proto.getTensorContent().isEmpty()) {
            throw refused("tensor_content", "present", "string_val");
        }
        int given = values();
        ByteString last = given == 0 ? ByteString.EMPTY : proto.getStringVal(given - 1);
        long bytes = (long) elements * RawBytes.TEXT_BYTES;
        bytes += (long) (elements - given) * last.size();
        for (int i = 0; i < given; i++) {
            bytes += proto.getStringVal(i).size();
        }
        reservation.take(bytes);
        List<byte[]> texts = new ArrayList<>(elements);
        for (int i = 0; i < given; i++) {
            texts.add(proto.getStringVal(i).toByteArray());
        }
        byte[] missing = texts.isEmpty() ? new byte[0] : texts.getLast();
        while (texts.size() < elements) {
            texts.add(missing);
        }
        return texts;
    }

    /// How many values are given in the field of the type.
    private int values() {
        int given =
                switch (type) {
                    case FP32 -> proto.getFloatValCount();
                    case FP64 -> proto.getDoubleValCount();
                    case INT8, INT16, INT32, UINT8, UINT16 -> proto.getIntValCount();
                    case INT64 -> proto.getInt64ValCount();
                    case UINT32 -> proto.getUint32ValCount();
                    case UINT64 -> proto.getUint64ValCount();
                    case BOOL -> proto.getBoolValCount();
                    case FP16, BF16 -> proto.getHalfValCount();
                    case BYTES -> proto.getStringValCount();
                };
        if (given > elements) {
            throw refused(
                    "values",
                    String.valueOf(given),
                    "at most %d, as the shape %s says".formatted(elements, Arrays.toString(shape)));
        }
        return given;
    }

    private void put(ByteBuffer data, int i) {
        switch (type) {
            case FP32 -> data.putFloat(proto.getFloatVal(i));
            case FP64 -> data.putDouble(proto.getDoubleVal(i));
            case INT8 -> data.put((byte) within(proto.getIntVal(i), -128, 127));
            case INT16 -> data.putShort((short) within(proto.getIntVal(i), -32_768, 32_767));
            case INT32 -> data.putInt(proto.getIntVal(i));
            case UINT8 -> data.put((byte) within(proto.getIntVal(i), 0, 255));
            case UINT16 -> data.putShort((short) within(proto.getIntVal(i), 0, 65_535));
            case INT64 -> data.putLong(proto.getInt64Val(i));
            case UINT32 -> data.putInt(proto.getUint32Val(i));
            case UINT64 -> data.putLong(proto.getUint64Val(i));
            case BOOL -> data.put((byte) (proto.getBoolVal(i) ? 1 : 0));
            case FP16, BF16 -> data.putShort((short) within(proto.getHalfVal(i), 0, 65_535));
            case BYTES -> throw new IllegalStateException("BYTES");
        }
    }

    private int within(int value, int min, int max) {
        if (value < min || value > max) {
            throw refused("values", String.valueOf(value), "numbers in the range of " + type);
        }
        return value;
    }

    private DataType type() {
        return TfType.byNumber(proto.getDtypeValue())
                .map(TfType::dataType)
                .orElseThrow(() ->
                        refused(
                                "dtype",
                                String.valueOf(proto.getDtype()),
                                "one of " + Arrays.toString(TfType.values())));
    }

    private long[] shape() {
        if (proto.getTensorShape().getUnknownRank()) {
            throw refused("tensor_shape", "unknown rank", "sizes");
        }
        long[] sizes = new long[proto.getTensorShape().getDimCount()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = proto.getTensorShape().getDim(i).getSize();
        }
        return sizes;
    }

    private int elements() {
        long room = 1;
        boolean empty = false;
        for (long size : shape) {
            if (size < 0 || size > Integer.MAX_VALUE / room) {
                throw refused(
                        "tensor_shape",
                        Arrays.toString(shape),
                        "sizes of at least 0, and fewer than 2^31 elements");
            }
            empty |= size == 0;
            // Without elements, too, the other sizes must make sense.
            room *= Math.max(1, size);
        }
        return empty ? 0 : (int) room;
    }

    private TidemillException refused(String what, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "input %s: %s: '%s' (expected: %s)".formatted(name, what, value, expected));
    }
}
