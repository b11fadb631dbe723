package dev.tidemill.server.protocol.grpc.openinference;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.protos.inference.InferTensorContents;
import dev.tidemill.protos.inference.ModelInferRequest.InferInputTensor;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.RawBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Tensors as numbers in messages. Small integers travel in wider fields and must be in range;
/// 16-bit fractions have no field.
final class TypedContents {
    private TypedContents() {}

    /// @param elements that the shape says, fewer than 2^31
    /// @param reservation asked before memory is taken
    /// @throws TidemillException `INVALID_REQUEST`
    static Tensor read(
            InferInputTensor input,
            DataType type,
            long[] shape,
            long elements,
            Bodies.Budget reservation) {
        InferTensorContents contents = input.getContents();
        requireCount(input, type, elements);
        if (type == DataType.BYTES) {
            long bytes = elements * RawBytes.TEXT_BYTES;
            for (ByteString text : contents.getBytesContentsList()) {
                bytes += text.size();
            }
            reservation.take(bytes);
            List<byte[]> texts =
                    contents.getBytesContentsList().stream().map(ByteString::toByteArray).toList();
            return new Tensor.Text(input.getName(), shape, texts);
        }
        int count = (int) elements;
        long bytes = elements * type.byteWidth();
        if (bytes > Integer.MAX_VALUE) {
            throw InputReader.invalid(
                    "input " + input.getName() + ": shape", bytes + " bytes", "less than 2 GiB");
        }
        reservation.take(bytes);
        ByteBuffer data = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            put(data, type, input, i);
        }
        return new Tensor.Numeric(input.getName(), type, shape, data.flip());
    }

    private static void put(ByteBuffer data, DataType type, InferInputTensor input, int i) {
        InferTensorContents from = input.getContents();
        switch (type) {
            case BOOL -> data.put((byte) (from.getBoolContents(i) ? 1 : 0));
            case INT8 -> data.put((byte) within(from.getIntContents(i), -128, 127, input, i));
            case INT16 ->
                    data.putShort(
                            (short) within(from.getIntContents(i), -32_768, 32_767, input, i));
            case INT32 -> data.putInt(from.getIntContents(i));
            case INT64 -> data.putLong(from.getInt64Contents(i));
            case UINT8 -> data.put((byte) within(from.getUintContents(i), 0, 255, input, i));
            case UINT16 ->
                    data.putShort((short) within(from.getUintContents(i), 0, 65_535, input, i));
            case UINT32 -> data.putInt(from.getUintContents(i));
            case UINT64 -> data.putLong(from.getUint64Contents(i));
            case FP32 -> data.putFloat(from.getFp32Contents(i));
            case FP64 -> data.putDouble(from.getFp64Contents(i));
            case FP16, BF16, BYTES -> throw new IllegalStateException(type.name());
        }
    }

    /// Only for tensors that [#canHold].
    static InferTensorContents write(Tensor tensor) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        switch (tensor) {
            case Tensor.Text text ->
                    text.values()
                            .forEach(value ->
                                    contents.addBytesContents(
                                            UnsafeByteOperations.unsafeWrap(value)));
            case Tensor.Numeric numeric -> write(numeric, contents);
        }
        return contents.build();
    }

    static boolean canHold(Tensor tensor) {
        return tensor.type() != DataType.FP16 && tensor.type() != DataType.BF16;
    }

    private static void write(Tensor.Numeric tensor, InferTensorContents.Builder into) {
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            switch (tensor.type()) {
                case BOOL -> into.addBoolContents(data.get() != 0);
                case INT8 -> into.addIntContents(data.get());
                case INT16 -> into.addIntContents(data.getShort());
                case INT32 -> into.addIntContents(data.getInt());
                case INT64 -> into.addInt64Contents(data.getLong());
                case UINT8 -> into.addUintContents(Byte.toUnsignedInt(data.get()));
                case UINT16 -> into.addUintContents(Short.toUnsignedInt(data.getShort()));
                case UINT32 -> into.addUintContents(data.getInt());
                case UINT64 -> into.addUint64Contents(data.getLong());
                case FP32 -> into.addFp32Contents(data.getFloat());
                case FP64 -> into.addFp64Contents(data.getDouble());
                case FP16, BF16, BYTES -> throw new IllegalStateException(tensor.type().name());
            }
        }
    }

    private static void requireCount(InferInputTensor input, DataType type, long elements) {
        InferTensorContents contents = input.getContents();
        int count =
                switch (type) {
                    case BOOL -> contents.getBoolContentsCount();
                    case INT8, INT16, INT32 -> contents.getIntContentsCount();
                    case INT64 -> contents.getInt64ContentsCount();
                    case UINT8, UINT16, UINT32 -> contents.getUintContentsCount();
                    case UINT64 -> contents.getUint64ContentsCount();
                    case FP32 -> contents.getFp32ContentsCount();
                    case FP64 -> contents.getFp64ContentsCount();
                    case BYTES -> contents.getBytesContentsCount();
                    case FP16, BF16 ->
                            throw InputReader.invalid(
                                    "input " + input.getName() + ": contents",
                                    type.name(),
                                    "raw_input_contents; 16-bit fractions have no field");
                };
        if (count != elements) {
            throw InputReader.invalid(
                    "input " + input.getName() + ": contents",
                    count + " elements of " + type,
                    elements + " elements, as the shape " + input.getShapeList() + " says");
        }
    }

    private static int within(int value, int min, int max, InferInputTensor input, int i) {
        if (value < min || value > max) {
            throw InputReader.invalid(
                    "input %s: contents[%d]".formatted(input.getName(), i),
                    String.valueOf(value),
                    "an integer in the range of " + input.getDatatype());
        }
        return value;
    }
}
