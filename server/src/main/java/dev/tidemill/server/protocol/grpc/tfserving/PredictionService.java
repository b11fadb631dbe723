package dev.tidemill.server.protocol.grpc.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.protos.tensorflow.TensorProto;
import dev.tidemill.protos.tensorflow.serving.ClassificationRequest;
import dev.tidemill.protos.tensorflow.serving.ClassificationResponse;
import dev.tidemill.protos.tensorflow.serving.GetModelMetadataRequest;
import dev.tidemill.protos.tensorflow.serving.GetModelMetadataResponse;
import dev.tidemill.protos.tensorflow.serving.InferenceResult;
import dev.tidemill.protos.tensorflow.serving.InferenceTask;
import dev.tidemill.protos.tensorflow.serving.Input;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.protos.tensorflow.serving.MultiInferenceRequest;
import dev.tidemill.protos.tensorflow.serving.MultiInferenceResponse;
import dev.tidemill.protos.tensorflow.serving.PredictRequest;
import dev.tidemill.protos.tensorflow.serving.PredictResponse;
import dev.tidemill.protos.tensorflow.serving.PredictionServiceGrpc;
import dev.tidemill.protos.tensorflow.serving.RegressionRequest;
import dev.tidemill.protos.tensorflow.serving.RegressionResponse;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.engine.Weighing;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.grpc.Arrival;
import dev.tidemill.server.protocol.grpc.GrpcService;
import dev.tidemill.server.protocol.tfserving.Signature;
import dev.tidemill.server.protocol.tfserving.Signatures;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The service's methods. Classify and regress are in [Scoring].
public record PredictionService(ModelRepository models, Inference inference) {

    public GrpcService service() {
        return GrpcService.of(PredictionServiceGrpc.getServiceDescriptor())
                .cancellable(PredictionServiceGrpc.getPredictMethod(), this::predict)
                .cancellable(PredictionServiceGrpc.getClassifyMethod(), this::classify)
                .cancellable(PredictionServiceGrpc.getRegressMethod(), this::regress)
                .cancellable(PredictionServiceGrpc.getMultiInferenceMethod(), this::infer)
                .unary(
                        PredictionServiceGrpc.getGetModelMetadataMethod(),
                        (request, _) -> metadata(request));
    }

    private PredictResponse predict(PredictRequest request, Arrival arrival) {
        ModelSpec spec = request.getModelSpec();
        try (ModelLease lease = Specs.servable(spec).acquire(models)) {
            ServedModel model = lease.model();
            return inference.call(
                    model,
                    arrival.bytes(),
                    reservation -> {
                        Signatures.requirePredict(model, spec.getSignatureName());
                        List<String> wanted = wanted(request);
                        List<Tensor> inputs = new ArrayList<>(request.getInputsCount());
                        for (var input : request.getInputsMap().entrySet()) {
                            inputs.add(
                                    TensorReader.read(
                                            input.getKey(), input.getValue(), reservation));
                        }
                        PredictResponse.Builder answer =
                                PredictResponse.newBuilder()
                                        .setModelSpec(Specs.of(model, Signatures.DEFAULT));
                        List<Tensor> outputs =
                                Weighing.infer(
                                        model, call(inputs, wanted, arrival), reservation::take);
                        for (Tensor output : outputs) {
                            TensorProto proto = TensorWriter.write(output);
                            answer.putOutputs(output.name(), proto);
                        }
                        return answer.build();
                    });
        }
    }

    private ClassificationResponse classify(ClassificationRequest request, Arrival arrival) {
        InferenceResult result =
                score(request.getModelSpec(), Signature.CLASSIFY, request.getInput(), arrival);
        return ClassificationResponse.newBuilder()
                .setResult(result.getClassificationResult())
                .setModelSpec(result.getModelSpec())
                .build();
    }

    private RegressionResponse regress(RegressionRequest request, Arrival arrival) {
        InferenceResult result =
                score(request.getModelSpec(), Signature.REGRESS, request.getInput(), arrival);
        return RegressionResponse.newBuilder()
                .setResult(result.getRegressionResult())
                .setModelSpec(result.getModelSpec())
                .build();
    }

    private MultiInferenceResponse infer(MultiInferenceRequest request, Arrival arrival) {
        if (request.getTasksCount() == 0) {
            throw invalid("Inference request must have at least one task.");
        }
        ModelSpec first = request.getTasks(0).getModelSpec();
        requireOneModel(first, request.getTasksList());
        try (ModelLease lease = Specs.servable(first).acquire(models)) {
            MultiInferenceResponse.Builder answer = MultiInferenceResponse.newBuilder();
            for (InferenceTask task : request.getTasksList()) {
                answer.addResults(
                        score(
                                lease.model(),
                                task.getModelSpec(),
                                task.getMethodName(),
                                request.getInput(),
                                arrival));
            }
            return answer.build();
        }
    }

    /// And each signature of it once, so that all that is answered is of one version.
    private static void requireOneModel(ModelSpec first, List<InferenceTask> tasks) {
        Set<String> signatures = new HashSet<>();
        for (InferenceTask task : tasks) {
            ModelSpec spec = task.getModelSpec();
            if (!spec.getName().equals(first.getName())) {
                throw invalid(
                        "All ModelSpecs in a MultiInferenceRequest must access the same model name.");
            }
            if (!Specs.servable(spec).equals(Specs.servable(first))) {
                throw invalid(
                        "All ModelSpecs in a MultiInferenceRequest must access the same version.");
            }
            String signature = Scoring.signature(task.getMethodName(), spec.getSignatureName());
            if (!signatures.add(signature)) {
                throw invalid("Duplicate evaluation of signature: " + signature);
            }
        }
    }

    private InferenceResult score(ModelSpec spec, String method, Input input, Arrival arrival) {
        try (ModelLease lease = Specs.servable(spec).acquire(models)) {
            return score(lease.model(), spec, method, input, arrival);
        }
    }

    private InferenceResult score(
            ServedModel model, ModelSpec spec, String method, Input input, Arrival arrival) {
        return inference.call(
                model,
                arrival.bytes(),
                reservation ->
                        new Scoring(model, arrival, reservation).answer(spec, method, input));
    }

    private GetModelMetadataResponse metadata(GetModelMetadataRequest request) {
        Metadata.check(request);
        try (ModelLease lease = Specs.servable(request.getModelSpec()).acquire(models)) {
            return Metadata.of(lease.model());
        }
    }

    static InferenceCall call(List<Tensor> inputs, List<String> wanted, Arrival arrival) {
        return new InferenceCall(inputs, wanted, 0, Duration.ZERO, arrival.deadline());
    }

    private static List<String> wanted(PredictRequest request) {
        List<String> wanted = List.copyOf(request.getOutputFilterList());
        Set<String> seen = HashSet.newHashSet(wanted.size());
        for (String name : wanted) {
            if (!seen.add(name)) {
                throw invalid("duplicate output tensor alias: " + name);
            }
        }
        return wanted;
    }

    private static TidemillException invalid(String message) {
        return new TidemillException(ErrorCode.INVALID_REQUEST, message);
    }
}
