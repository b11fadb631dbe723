package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Makes our tensors of ONNX Runtime's.
final class OnnxOutputs {
    private OnnxOutputs() {}

    /// Copies, which outlive the result.
    ///
    /// @param specs of the outputs, in the result's order
    static List<Tensor> read(List<TensorSpec> specs, OrtSession.Result result) throws OrtException {
        List<Tensor> read = new ArrayList<>(specs.size());
        for (int i = 0; i < specs.size(); i++) {
            TensorSpec spec = specs.get(i);
            OnnxTensor tensor = (OnnxTensor) result.get(i);
            read.add(spec.type().byteWidth() < 0 ? text(spec, tensor) : numeric(spec, tensor));
        }
        return read;
    }

    private static Tensor numeric(TensorSpec spec, OnnxTensor tensor) {
        return new Tensor.Numeric(
                spec.name(), spec.type(), tensor.getInfo().getShape(), tensor.getByteBuffer());
    }

    private static Tensor text(TensorSpec spec, OnnxTensor tensor) throws OrtException {
        List<byte[]> values = new ArrayList<>();
        collect(tensor.getValue(), values);
        return new Tensor.Text(spec.name(), tensor.getInfo().getShape(), values);
    }

    /// The binding gives strings as arrays of arrays, a scalar as a string.
    private static void collect(Object value, List<byte[]> into) {
        if (value instanceof Object[] parts) {
            for (Object part : parts) {
                collect(part, into);
            }
        } else {
            into.add(((String) value).getBytes(StandardCharsets.UTF_8));
        }
    }
}
