package dev.tidemill.server.protocol.grpc.openinference;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.ModelInferResponse.InferOutputTensor;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.ServedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Writes an inference answer. A model's outputs are new for each run and never written to again,
/// so their memory is sent as it is.
final class OutputWriter {
    private OutputWriter() {}

    /// @param raw whether the tensors stand beside the outputs as bytes; they do anyway when one of
    ///   them can only be sent so
    static ModelInferResponse.Builder write(
            ServedModel model, String id, List<Tensor> outputs, boolean raw) {
        ModelInferResponse.Builder answer =
                ModelInferResponse.newBuilder()
                        .setModelName(model.name())
                        .setModelVersion(model.version())
                        .setId(id);
        boolean bytes = raw || !outputs.stream().allMatch(TypedContents::canHold);
        for (Tensor output : outputs) {
            InferOutputTensor.Builder tensor =
                    InferOutputTensor.newBuilder()
                            .setName(output.name())
                            .setDatatype(output.type().name());
            for (long size : output.shape()) {
                tensor.addShape(size);
            }
            if (bytes) {
                answer.addRawOutputContents(raw(output));
            } else {
                tensor.setContents(TypedContents.write(output));
            }
            answer.addOutputs(tensor);
        }
        return answer;
    }

    private static ByteString raw(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Numeric numeric ->
                    UnsafeByteOperations.unsafeWrap(numeric.data().duplicate());
            case Tensor.Text text -> raw(text);
        };
    }

    /// Each with its length before it, 4 bytes.
    private static ByteString raw(Tensor.Text text) {
        int size = 0;
        for (byte[] value : text.values()) {
            size = Math.addExact(size, Integer.BYTES + value.length);
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] value : text.values()) {
            bytes.putInt(value.length).put(value);
        }
        return UnsafeByteOperations.unsafeWrap(bytes.flip());
    }
}
