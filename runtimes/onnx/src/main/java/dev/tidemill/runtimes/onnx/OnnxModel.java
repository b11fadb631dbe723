package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// One session. ONNX Runtime frees its memory on close even while another thread runs, so the runs
/// are counted and the last one frees it.
final class OnnxModel implements LoadedModel {
    /// Added to [#users] by close: negative means closed, this value means closed and unused.
    private static final int CLOSED = Integer.MIN_VALUE;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final OrtSession.SessionOptions options;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final AtomicInteger users = new AtomicInteger();

    private OnnxModel(
            OrtEnvironment environment,
            OrtSession session,
            OrtSession.SessionOptions options,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs) {
        this.environment = environment;
        this.session = session;
        this.options = options;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /// @param options live as long as the session and are closed after it
    /// @throws IllegalArgumentException for inputs and outputs that are not tensors we know
    static OnnxModel of(
            OrtEnvironment environment, OrtSession session, OrtSession.SessionOptions options)
            throws OrtException {
        List<TensorSpec> inputs = new ArrayList<>();
        for (NodeInfo node : session.getInputInfo().values()) {
            inputs.add(OnnxTypes.input(node));
        }
        List<TensorSpec> outputs = new ArrayList<>();
        for (NodeInfo node : session.getOutputInfo().values()) {
            outputs.add(OnnxTypes.output(node));
        }
        return new OnnxModel(
                environment, session, options, List.copyOf(inputs), List.copyOf(outputs));
    }

    @Override
    public List<TensorSpec> inputs() {
        return inputs;
    }

    @Override
    public List<TensorSpec> outputs() {
        return outputs;
    }

    @Override
    public List<Tensor> run(List<Tensor> given) {
        enter();
        Map<String, OnnxTensor> fed = LinkedHashMap.newLinkedHashMap(given.size());
        try {
            for (Tensor tensor : given) {
                fed.put(tensor.name(), feed(tensor));
            }
            try (OrtSession.Result result = session.run(fed)) {
                return read(result);
            }
        } catch (OrtException e) {
            throw OnnxErrors.ofRun(e);
        } finally {
            fed.values().forEach(OnnxTensor::close);
            exit();
        }
    }

    @Override
    public void close() {
        int before = users.getAndUpdate(count -> count | CLOSED);
        if (before == 0) {
            free();
        }
    }

    private void enter() {
        int before = users.getAndUpdate(count -> count < 0 ? count : count + 1);
        if (before < 0) {
            throw new IllegalStateException("model: 'closed' (expected: a model that is loaded)");
        }
    }

    private void exit() {
        if (users.decrementAndGet() == CLOSED) {
            free();
        }
    }

    private void free() {
        OnnxErrors.closing(session::close);
        options.close();
    }

    private OnnxTensor feed(Tensor tensor) throws OrtException {
        return switch (tensor) {
            // The binding reads the buffer's position; a duplicate leaves the caller's alone.
            case Tensor.Numeric(_, var type, var shape, var data) ->
                    OnnxTensor.createTensor(
                            environment,
                            data.duplicate().order(ByteOrder.LITTLE_ENDIAN),
                            shape,
                            OnnxTypes.javaType(type));
            case Tensor.Text(_, var shape, var values) ->
                    OnnxTensor.createTensor(
                            environment,
                            values.stream()
                                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                                    .toArray(String[]::new),
                            shape);
        };
    }

    private List<Tensor> read(OrtSession.Result result) throws OrtException {
        List<Tensor> read = new ArrayList<>(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            TensorSpec spec = outputs.get(i);
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
