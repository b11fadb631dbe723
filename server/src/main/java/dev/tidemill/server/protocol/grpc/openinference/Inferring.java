package dev.tidemill.server.protocol.grpc.openinference;

import dev.tidemill.protos.inference.InferParameter;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.ModelStreamInferResponse;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.engine.Weighing;
import dev.tidemill.server.protocol.Classification;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.grpc.Arrival;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import java.util.ArrayList;
import java.util.List;

/// Inference, one at a time and on a stream.
record Inferring(ModelRepository models, Inference inference) {
    private static final InferParameter YES =
            InferParameter.newBuilder().setBoolParam(true).build();

    ModelInferResponse infer(ModelInferRequest request, Arrival arrival) {
        return run(request, arrival).build();
    }

    /// As Triton wraps them: each is the last one for its request.
    ModelStreamInferResponse streamed(ModelInferRequest request, Arrival arrival) {
        return ModelStreamInferResponse.newBuilder()
                .setInferResponse(run(request, arrival).putParameters("triton_final_response", YES))
                .build();
    }

    /// Names the request, so that the client knows which one it was.
    ModelStreamInferResponse failed(ModelInferRequest request, String message) {
        return ModelStreamInferResponse.newBuilder()
                .setErrorMessage(message)
                .setInferResponse(
                        ModelInferResponse.newBuilder()
                                .setModelName(request.getModelName())
                                .setModelVersion(request.getModelVersion())
                                .setId(request.getId()))
                .build();
    }

    private ModelInferResponse.Builder run(ModelInferRequest request, Arrival arrival) {
        try (ModelLease lease = acquire(request.getModelName(), request.getModelVersion())) {
            ServedModel model = lease.model();
            return inference.call(
                    model,
                    arrival.bytes(),
                    reservation -> {
                        CallOptions options = CallOptions.of(request);
                        List<Tensor> inputs = InputReader.read(request, reservation);
                        InferenceCall call =
                                new InferenceCall(
                                        inputs,
                                        options.wanted(),
                                        options.priority(),
                                        options.queueTimeout(),
                                        arrival.deadline());
                        return OutputWriter.write(
                                model,
                                request.getId(),
                                classified(
                                        model,
                                        Weighing.infer(model, call, reservation::take),
                                        options),
                                InputReader.isRaw(request));
                    });
        }
    }

    private static List<Tensor> classified(
            ServedModel model, List<Tensor> outputs, CallOptions options) {
        if (options.classes().isEmpty()) {
            return outputs;
        }
        List<Tensor> answered = new ArrayList<>(outputs.size());
        for (Tensor output : outputs) {
            Integer classes = options.classes().get(output.name());
            answered.add(
                    classes == null
                            ? output
                            : Classification.top(
                                    output, classes, model.labels(output.name()), model.batches()));
        }
        return answered;
    }

    /// @param version empty for the one that the server chooses
    ModelLease acquire(String name, String version) {
        return version.isEmpty() ? models.acquire(name) : models.acquire(name, version);
    }
}
