package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.runtimes.spi.UseCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One session. ONNX Runtime frees its memory on close even while another thread runs, so the runs
/// are counted and the last one frees it.
final class OnnxModel implements LoadedModel {
    private final OrtSession session;
    private final OrtSession.SessionOptions options;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final OnnxInputs feeding;
    private final Bindings bindings = new Bindings();

    /// Whether runs of shapes that were run before may use what was kept of them.
    private volatile boolean pins = true;

    private final String device;
    private final Map<String, String> metadata;
    private final UseCount users = new UseCount(this::free);

    private OnnxModel(
            OrtEnvironment environment,
            OrtSession session,
            OrtSession.SessionOptions options,
            String device,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            Map<String, String> metadata) {
        this.session = session;
        this.options = options;
        this.device = device;
        this.inputs = inputs;
        this.outputs = outputs;
        this.feeding =
                new OnnxInputs(
                        environment, Stream.concat(inputs.stream(), outputs.stream()).toList());
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
        if (!users.enter()) {
            throw new IllegalStateException("model: 'closed' (expected: a model that is loaded)");
        }
        try {
            Binding binding = pins ? bindings.take(given) : null;
            return binding == null ? runUnbound(given) : run(given, binding);
        } catch (OrtException e) {
            throw OnnxErrors.ofRun(e);
        } finally {
            users.leave();
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
            bindings.giveBack(Binding.of(given, outputs, feeding::over));
        } catch (OrtException e) {
            pins = false;
        }
    }

    private List<Tensor> runUnbound(List<Tensor> given) throws OrtException {
        List<Tensor> read = feeding.feed(given, this::runFed);
        long size = pins ? Binding.size(given, read) : -1;
        if (size >= 0 && size <= Bindings.LARGEST) {
            bind(given, read);
        }
        return read;
    }

    private List<Tensor> runFed(Map<String, OnnxTensor> fed) throws OrtException {
        try (OrtSession.Result result = session.run(fed)) {
            return OnnxOutputs.read(outputs, result);
        }
    }

    @Override
    public void close() {
        users.close();
    }

    private void free() {
        bindings.close();
        OnnxErrors.closing(session::close);
        options.close();
    }
}
