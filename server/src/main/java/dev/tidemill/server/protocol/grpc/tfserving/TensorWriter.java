package dev.tidemill.server.protocol.grpc.tfserving;

import com.google.protobuf.UnsafeByteOperations;
import dev.tidemill.protos.tensorflow.DataType;
import dev.tidemill.protos.tensorflow.TensorProto;
import dev.tidemill.protos.tensorflow.TensorShapeProto;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.tfserving.TfType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Writes a `TensorProto` with its values in the field of their type, as the original does: clients
/// read `float_val` without looking further.
final class TensorWriter {
    private TensorWriter() {}

    static TensorProto write(Tensor tensor) {
        TensorProto.Builder proto =
                TensorProto.newBuilder()
                        .setDtype(dtype(TfType.of(tensor.type())))
                        .setTensorShape(shape(tensor.shape()));
        switch (tensor) {
            case Tensor.Text text ->
                    text.values()
                            .forEach(value ->
                                    proto.addStringVal(UnsafeByteOperations.unsafeWrap(value)));
            case Tensor.Numeric numeric -> values(numeric, proto);
        }
        return proto.build();
    }

    static DataType dtype(TfType type) {
        DataType dtype = DataType.forNumber(type.number());
        if (dtype == null) {
            throw new IllegalStateException(type.name());
        }
        return dtype;
    }

    /// @param sizes -1 where any size goes
    static TensorShapeProto shape(List<Long> sizes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        sizes.forEach(size -> shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size)));
        return shape.build();
    }

    private static TensorShapeProto shape(long[] sizes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long size : sizes) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        return shape.build();
    }

    private static void values(Tensor.Numeric tensor, TensorProto.Builder into) {
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            switch (tensor.type()) {
                case FP32 -> into.addFloatVal(data.getFloat());
                case FP64 -> into.addDoubleVal(data.getDouble());
                case INT8 -> into.addIntVal(data.get());
                case INT16 -> into.addIntVal(data.getShort());
                case INT32 -> into.addIntVal(data.getInt());
                case UINT8 -> into.addIntVal(Byte.toUnsignedInt(data.get()));
                case UINT16 -> into.addIntVal(Short.toUnsignedInt(data.getShort()));
                case INT64 -> into.addInt64Val(data.getLong());
                case UINT32 -> into.addUint32Val(data.getInt());
                case UINT64 -> into.addUint64Val(data.getLong());
                case BOOL -> into.addBoolVal(data.get() != 0);
                case FP16, BF16 -> into.addHalfVal(Short.toUnsignedInt(data.getShort()));
                case BYTES -> throw new IllegalStateException("BYTES");
            }
        }
    }
}
