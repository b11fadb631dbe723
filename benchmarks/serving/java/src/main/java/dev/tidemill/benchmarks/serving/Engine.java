package dev.tidemill.benchmarks.serving;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// ONNX Runtime with the options that every server of the comparison is given: one thread per run,
/// no spinning, every graph optimisation.
final class Engine implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final List<String> outputs;

    Engine(Path model) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        options.addConfigEntry("session.inter_op.allow_spinning", "0");
        session = environment.createSession(model.toString(), options);
        outputs = List.copyOf(session.getOutputNames());
    }

    /// @param data little-endian, row-major, direct for inputs
    record Tensor(String name, String type, long[] shape, ByteBuffer data) {
        Tensor {
            data.order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    List<Tensor> run(List<Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> fed = LinkedHashMap.newLinkedHashMap(inputs.size());
        try {
            for (Tensor input : inputs) {
                fed.put(
                        input.name(),
                        OnnxTensor.createTensor(
                                environment,
                                input.data().duplicate().order(ByteOrder.LITTLE_ENDIAN),
                                input.shape(),
                                javaType(input.type())));
            }
            try (OrtSession.Result result = session.run(fed)) {
                return read(result);
            }
        } finally {
            fed.values().forEach(OnnxTensor::close);
        }
    }

    private List<Tensor> read(OrtSession.Result result) throws OrtException {
        List<Tensor> read = new ArrayList<>(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            OnnxTensor tensor = (OnnxTensor) result.get(i);
            TensorInfo info = tensor.getInfo();
            String type = info.type == OnnxJavaType.INT32 ? "INT32" : "FP32";
            read.add(new Tensor(outputs.get(i), type, info.getShape(), tensor.getByteBuffer()));
        }
        return read;
    }

    private static OnnxJavaType javaType(String type) {
        return switch (type) {
            case "INT32" -> OnnxJavaType.INT32;
            case "FP32" -> OnnxJavaType.FLOAT;
            default -> throw new IllegalArgumentException("datatype: " + type);
        };
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
