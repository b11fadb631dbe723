package dev.tidemill.server.protocol.grpc.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.protos.tensorflow.serving.ClassificationResult;
import dev.tidemill.protos.tensorflow.serving.Classifications;
import dev.tidemill.protos.tensorflow.serving.InferenceResult;
import dev.tidemill.protos.tensorflow.serving.Input;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.protos.tensorflow.serving.Regression;
import dev.tidemill.protos.tensorflow.serving.RegressionResult;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.engine.Weighing;
import dev.tidemill.server.protocol.grpc.Arrival;
import dev.tidemill.server.protocol.tfserving.Classifier;
import dev.tidemill.server.protocol.tfserving.Examples;
import dev.tidemill.server.protocol.tfserving.Regressor;
import dev.tidemill.server.protocol.tfserving.Signature;
import dev.tidemill.server.protocol.tfserving.Signatures;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Classify and regress: one task of one request.
///
/// @param reservation asked before memory is taken
record Scoring(ServedModel model, Arrival arrival, Bodies.Budget reservation) {

    /// @param method such as [Signature#CLASSIFY]
    InferenceResult answer(ModelSpec spec, String method, Input input) {
        return switch (method) {
            case Signature.CLASSIFY -> classify(spec.getSignatureName(), input);
            case Signature.REGRESS -> regress(spec.getSignatureName(), input);
            default ->
                    throw new TidemillException(
                            ErrorCode.METHOD_NOT_ALLOWED,
                            "Unsupported signature method_name: " + method);
        };
    }

    private InferenceResult classify(String signature, Input input) {
        Classifier classifier = Signatures.classifier(model, signature);
        Examples examples = ExampleInputs.read(model, input, reservation);
        Classifier.Classifications read =
                classifier.read(run(examples, classifier.wanted()), examples.count());
        ClassificationResult.Builder result = ClassificationResult.newBuilder();
        for (int example = 0; example < read.examples(); example++) {
            Classifications.Builder classes = Classifications.newBuilder();
            for (int column = 0; column < read.classes(); column++) {
                classes.addClassesBuilder()
                        .setLabel(new String(read.label(column), StandardCharsets.UTF_8))
                        .setScore(read.score(example, column));
            }
            result.addClassifications(classes);
        }
        return InferenceResult.newBuilder()
                .setModelSpec(Specs.of(model, named(signature, Signatures.CLASSIFY)))
                .setClassificationResult(result)
                .build();
    }

    private InferenceResult regress(String signature, Input input) {
        Regressor regressor = Signatures.regressor(model, signature);
        Examples examples = ExampleInputs.read(model, input, reservation);
        float[] values = regressor.read(run(examples, regressor.wanted()), examples.count());
        RegressionResult.Builder result = RegressionResult.newBuilder();
        for (float value : values) {
            result.addRegressions(Regression.newBuilder().setValue(value));
        }
        return InferenceResult.newBuilder()
                .setModelSpec(Specs.of(model, named(signature, Signatures.REGRESS)))
                .setRegressionResult(result)
                .build();
    }

    private List<Tensor> run(Examples examples, List<String> wanted) {
        List<Tensor> inputs = examples.tensors();
        return Weighing.infer(
                model, PredictionService.call(inputs, wanted, arrival), reservation::take);
    }

    /// The one that a task means; a model's own where it names none.
    static String signature(String method, String named) {
        return switch (method) {
            case Signature.CLASSIFY -> named(named, Signatures.CLASSIFY);
            case Signature.REGRESS -> named(named, Signatures.REGRESS);
            default -> named(named, Signatures.DEFAULT);
        };
    }

    private static String named(String signature, String own) {
        return signature.isEmpty() ? own : signature;
    }
}
