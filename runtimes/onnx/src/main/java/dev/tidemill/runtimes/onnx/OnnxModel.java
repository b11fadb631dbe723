package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    private final Staging staging = new Staging();
    private final Bindings bindings = new Bindings();
    private volatile boolean pins = true;
    private final String device;
    private final @Nullable UnsignedTensors unsigned;
    private final Map<String, String> metadata;
    private final AtomicInteger users = new AtomicInteger();

    private OnnxModel(
            OrtEnvironment environment,
            OrtSession session,
            OrtSession.SessionOptions options,
            String device,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            Map<String, String> metadata) {
        this.environment = environment;
        this.session = session;
        this.options = options;
        this.device = device;
        this.inputs = inputs;
        this.outputs = outputs;
        this.unsigned =
                Stream.concat(inputs.stream(), outputs.stream())
                                .anyMatch(spec -> OnnxTypes.isUnsigned(spec.type()))
                        ? UnsignedTensors.of(environment)
                        : null;
        this.metadata = metadata;
    }

    /// @param options live as long as the session and are closed after it
    /// @param device its name
    /// @throws IllegalArgumentException for inputs and outputs that are not tensors we know
    static OnnxModel of(
            OrtEnvironment environment,
            OrtSession session,
            OrtSession.SessionOptions options,
            String device)
            throws OrtException {
        List<TensorSpec> inputs = new ArrayList<>();
        for (NodeInfo node : session.getInputInfo().values()) {
            inputs.add(OnnxTypes.spec(node));
        }
        List<TensorSpec> outputs = new ArrayList<>();
        for (NodeInfo node : session.getOutputInfo().values()) {
            outputs.add(OnnxTypes.spec(node));
        }
        return new OnnxModel(
                environment,
                session,
                options,
                device,
                List.copyOf(inputs),
                List.copyOf(outputs),
                Map.copyOf(session.getMetadata().getCustomMetadata()));
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
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public List<String> devices() {
        return List.of(device);
    }

    @Override
    public List<Tensor> run(List<Tensor> given) {
        enter();
        try {
            Binding binding = pins ? bindings.take(given) : null;
            return binding == null ? runUnbound(given) : run(given, binding);
        } catch (OrtException e) {
            throw OnnxErrors.ofRun(e);
        } finally {
            exit();
        }
    }

    private List<Tensor> run(List<Tensor> given, Binding binding) throws OrtException {
        try (OrtSession.Result _ = session.run(binding.fill(given), binding.pinned())) {
            List<Tensor> outputs = binding.read();
            bindings.giveBack(binding);
            return outputs;
        } catch (OrtException e) {
            binding.free();
            List<Tensor> outputs = runUnbound(given);
            // It works without: the shapes of its outputs depend on more than those of its inputs.
            pins = false;
            return outputs;
        }
    }

    private void bind(List<Tensor> given, List<Tensor> outputs) {
        try {
            bindings.giveBack(Binding.of(given, outputs, this::make));
        } catch (OrtException e) {
            pins = false;
        }
    }

    private List<Tensor> runUnbound(List<Tensor> given) throws OrtException {
        Map<String, OnnxTensor> fed = LinkedHashMap.newLinkedHashMap(given.size());
        ByteBuffer block = staging.borrow(given);
        List<Tensor> outputs;
        try {
            for (Tensor tensor : given) {
                fed.put(tensor.name(), feed(tensor, block));
            }
            try (OrtSession.Result result = session.run(fed)) {
                outputs = read(result);
            }
        } finally {
            fed.values().forEach(OnnxTensor::close);
            staging.giveBack(block);
        }
        long size = pins ? Binding.size(given, outputs) : -1;
        if (size >= 0 && size <= Bindings.LARGEST) {
            bind(given, outputs);
        }
        return outputs;
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
        bindings.close();
        OnnxErrors.closing(session::close);
        options.close();
    }

    private OnnxTensor feed(Tensor tensor, ByteBuffer block) throws OrtException {
        return switch (tensor) {
            case Tensor.Numeric(_, var type, var shape, var data) ->
                    feed(type, shape, Staging.nativeOf(data, block));
            case Tensor.Text(_, var shape, var values) -> {
                String[] texts = new String[values.size()];
                for (int i = 0; i < texts.length; i++) {
                    texts[i] = utf8(tensor.name(), i, values.get(i));
                }
                yield OnnxTensor.createTensor(environment, texts, shape);
            }
        };
    }

    private OnnxTensor make(TensorSpec spec, long[] shape, ByteBuffer data) throws OrtException {
        return feed(spec.type(), shape, data);
    }

    private OnnxTensor feed(DataType type, long[] shape, ByteBuffer data) throws OrtException {
        return OnnxTypes.isUnsigned(type) && unsigned != null
                ? unsigned.make(data, shape, OnnxTypes.javaType(type), OnnxTypes.unsignedType(type))
                : OnnxTensor.createTensor(environment, data, shape, OnnxTypes.javaType(type));
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
