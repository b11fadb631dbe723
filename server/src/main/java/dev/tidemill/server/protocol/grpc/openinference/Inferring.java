package dev.tidemill.server.protocol.grpc.openinference;

import dev.tidemill.http.Bodies;
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
import java.util.Optional;
import java.util.function.Consumer;

/// Inference, one at a time and on a stream.
record Inferring(ModelRepository models, Inference inference) {
    private static final InferParameter YES =
            InferParameter.newBuilder().setBoolParam(true).build();
    private static final InferParameter NO =
            InferParameter.newBuilder().setBoolParam(false).build();

    ModelInferResponse infer(ModelInferRequest request, Arrival arrival) {
        try (ModelLease lease = acquire(request.getModelName(), request.getModelVersion())) {
            return run(lease.model(), request, arrival).build();
        }
    }

    /// As Triton wraps them. A model that answers any number of times says only afterwards that an
    /// answer was the last, with an empty one, to clients who ask for that.
    Optional<ModelStreamInferResponse> streamed(
            ModelInferRequest request, Arrival arrival, Consumer<ModelStreamInferResponse> early) {
        try (ModelLease lease = acquire(request.getModelName(), request.getModelVersion())) {
            ServedModel model = lease.model();
            if (!model.isDecoupled()) {
                return Optional.of(wrapped(run(model, request, arrival), YES));
            }
            each(model, request, arrival, answer -> early.accept(wrapped(answer, NO)));
            return RequestParameters.wantsEmptyFinal(request)
                    ? Optional.of(
                            wrapped(
                                    OutputWriter.write(model, request.getId(), List.of(), true),
                                    YES))
                    : Optional.empty();
        }
    }

    private static ModelStreamInferResponse wrapped(
            ModelInferResponse.Builder answer, InferParameter last) {
        return ModelStreamInferResponse.newBuilder()
                .setInferResponse(answer.putParameters("triton_final_response", last))
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

    private ModelInferResponse.Builder run(
            ServedModel model, ModelInferRequest request, Arrival arrival) {
        return inference.call(
                model,
                arrival.bytes(),
                reservation -> {
                    CallOptions options = CallOptions.of(request);
                    InferenceCall call = call(request, options, arrival, reservation);
                    return written(
                            model,
                            request,
                            options,
                            Weighing.infer(model, call, reservation::take));
                });
    }

    private void each(
            ServedModel model,
            ModelInferRequest request,
            Arrival arrival,
            Consumer<ModelInferResponse.Builder> answers) {
        inference.call(
                model,
                arrival.bytes(),
                reservation -> {
                    CallOptions options = CallOptions.of(request);
                    Weighing.stream(
                            model,
                            call(request, options, arrival, reservation),
                            RequestParameters.of(request),
                            outputs -> answers.accept(written(model, request, options, outputs)),
                            reservation::take);
                    return arrival;
                });
    }

    private static InferenceCall call(
            ModelInferRequest request,
            CallOptions options,
            Arrival arrival,
            Bodies.Budget reservation) {
        List<Tensor> inputs = InputReader.read(request, reservation);
        return new InferenceCall(
                inputs,
                options.wanted(),
                options.priority(),
                options.queueTimeout(),
                arrival.deadline());
    }

    private static ModelInferResponse.Builder written(
            ServedModel model,
            ModelInferRequest request,
            CallOptions options,
            List<Tensor> outputs) {
        return OutputWriter.write(
                model,
                request.getId(),
                classified(model, outputs, options),
                InputReader.isRaw(request));
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
