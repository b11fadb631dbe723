package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.NativeBlocks;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes ONNX Runtime's tensors of ours: over memory that is native already, or over copies in
/// native blocks.
final class OnnxInputs {
    private final OrtEnvironment environment;
    private final @Nullable UnsignedTensors unsigned;
    private final NativeBlocks blocks = new NativeBlocks();

    /// @param specs of all tensors that will be made
    OnnxInputs(OrtEnvironment environment, List<TensorSpec> specs) {
        this.environment = environment;
        this.unsigned =
                specs.stream().anyMatch(spec -> OnnxTypes.isUnsigned(spec.type()))
                        ? UnsignedTensors.of(environment)
                        : null;
    }

    /// What is done with inputs while their memory is held.
    @FunctionalInterface
    interface Work<T> {
        T with(Map<String, OnnxTensor> fed) throws OrtException;
    }

    /// Makes the inputs of a run, and frees them after it.
    ///
    /// @throws TidemillException `INVALID_REQUEST` for texts that are none
    <T> T feed(List<Tensor> given, Work<T> work) throws OrtException {
        Map<String, OnnxTensor> fed = LinkedHashMap.newLinkedHashMap(given.size());
        ByteBuffer block = blocks.borrow(room(given));
        try {
            for (Tensor tensor : given) {
                fed.put(tensor.name(), made(tensor, block));
            }
            return work.with(fed);
        } finally {
            fed.values().forEach(OnnxTensor::close);
            blocks.giveBack(block);
        }
    }

    /// Over memory that stays where it is.
    OnnxTensor over(DataType type, long[] shape, ByteBuffer data) throws OrtException {
        return OnnxTypes.isUnsigned(type) && unsigned != null
                ? unsigned.make(data, shape, OnnxTypes.javaType(type), OnnxTypes.unsignedType(type))
                : OnnxTensor.createTensor(environment, data, shape, OnnxTypes.javaType(type));
    }

    private OnnxTensor made(Tensor tensor, ByteBuffer block) throws OrtException {
        return switch (tensor) {
            case Tensor.Numeric(_, var type, var shape, var data) ->
                    over(type, shape, nativeOf(data, block));
            case Tensor.Text(_, var shape, var values) -> {
                String[] texts = new String[values.size()];
                for (int i = 0; i < texts.length; i++) {
                    texts[i] = utf8(tensor.name(), i, values.get(i));
                }
                yield OnnxTensor.createTensor(environment, texts, shape);
            }
        };
    }

    /// For all that is not native yet.
    private static long room(List<Tensor> given) {
        long room = 0;
        for (Tensor tensor : given) {
            if (tensor instanceof Tensor.Numeric numeric && !numeric.data().isDirect()) {
                room += NativeBlocks.room(numeric.data().remaining());
            }
        }
        return room;
    }

    private static ByteBuffer nativeOf(ByteBuffer data, ByteBuffer block) {
        return data.isDirect()
                ? data.duplicate().order(ByteOrder.LITTLE_ENDIAN)
                : NativeBlocks.part(block, data.remaining()).put(data.duplicate()).flip();
    }

    /// The binding's strings are texts; other bytes would come out as something else.
    private static String utf8(String input, int index, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0
                && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "input %s[%d]: 'other bytes' (expected: UTF-8 text)".formatted(input, index));
        }
        return text;
    }
}
