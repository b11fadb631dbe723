package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.Arrays;
import java.util.Set;

/// ONNX element types and ours.
final class OnnxTypes {
    /// The Java binding has no way to make tensors of these, only to read them.
    private static final Set<DataType> ONLY_OUT =
            Set.of(DataType.UINT16, DataType.UINT32, DataType.UINT64);

    private OnnxTypes() {}

    /// @throws IllegalArgumentException for what cannot be fed
    static TensorSpec input(NodeInfo node) {
        TensorSpec spec = output(node);
        if (ONLY_OUT.contains(spec.type())) {
            throw new IllegalArgumentException(
                    "input %s: '%s' (expected: a type other than %s)"
                            .formatted(spec.name(), spec.type(), ONLY_OUT));
        }
        return spec;
    }

    /// @throws IllegalArgumentException for what is no tensor of a type that we know
    static TensorSpec output(NodeInfo node) {
        if (!(node.getInfo() instanceof TensorInfo tensor)) {
            throw new IllegalArgumentException(
                    "%s: '%s' (expected: tensors only; scikit-learn models: export with zipmap=False)"
                            .formatted(node.getName(), node.getInfo().getClass().getSimpleName()));
        }
        return new TensorSpec(
                node.getName(),
                dataType(node.getName(), tensor.onnxType),
                Arrays.stream(tensor.getShape()).boxed().toList());
    }

    static DataType dataType(String name, TensorInfo.OnnxTensorType type) {
        return switch (type) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DataType.BOOL;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DataType.UINT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> DataType.UINT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> DataType.UINT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> DataType.UINT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DataType.INT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DataType.INT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DataType.INT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DataType.INT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> DataType.FP16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> DataType.BF16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DataType.FP32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DataType.FP64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> DataType.BYTES;
            default ->
                    throw new IllegalArgumentException(
                            "%s: '%s' (expected: a type of the Open Inference Protocol)"
                                    .formatted(name, type));
        };
    }

    static OnnxJavaType javaType(DataType type) {
        return switch (type) {
            case BOOL -> OnnxJavaType.BOOL;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT8 -> OnnxJavaType.INT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case FP16 -> OnnxJavaType.FLOAT16;
            case BF16 -> OnnxJavaType.BFLOAT16;
            case FP32 -> OnnxJavaType.FLOAT;
            case FP64 -> OnnxJavaType.DOUBLE;
            case BYTES -> OnnxJavaType.STRING;
            case UINT16, UINT32, UINT64 ->
                    throw new IllegalArgumentException(
                            "type: '%s' (expected: a type that can be fed)".formatted(type));
        };
    }
}
