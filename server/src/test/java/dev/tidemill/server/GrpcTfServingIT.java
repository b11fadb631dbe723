package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidemill.protos.tensorflow.DataType;
import dev.tidemill.protos.tensorflow.Example;
import dev.tidemill.protos.tensorflow.Feature;
import dev.tidemill.protos.tensorflow.Features;
import dev.tidemill.protos.tensorflow.FloatList;
import dev.tidemill.protos.tensorflow.SignatureDef;
import dev.tidemill.protos.tensorflow.TensorProto;
import dev.tidemill.protos.tensorflow.TensorShapeProto;
import dev.tidemill.protos.tensorflow.error.Code;
import dev.tidemill.protos.tensorflow.serving.ClassificationRequest;
import dev.tidemill.protos.tensorflow.serving.ClassificationResponse;
import dev.tidemill.protos.tensorflow.serving.ExampleList;
import dev.tidemill.protos.tensorflow.serving.ExampleListWithContext;
import dev.tidemill.protos.tensorflow.serving.GetModelMetadataRequest;
import dev.tidemill.protos.tensorflow.serving.GetModelStatusRequest;
import dev.tidemill.protos.tensorflow.serving.InferenceTask;
import dev.tidemill.protos.tensorflow.serving.Input;
import dev.tidemill.protos.tensorflow.serving.ModelServiceGrpc;
import dev.tidemill.protos.tensorflow.serving.ModelServiceGrpc.ModelServiceBlockingStub;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.protos.tensorflow.serving.ModelVersionStatus;
import dev.tidemill.protos.tensorflow.serving.MultiInferenceRequest;
import dev.tidemill.protos.tensorflow.serving.MultiInferenceResponse;
import dev.tidemill.protos.tensorflow.serving.PredictRequest;
import dev.tidemill.protos.tensorflow.serving.PredictResponse;
import dev.tidemill.protos.tensorflow.serving.PredictionServiceGrpc;
import dev.tidemill.protos.tensorflow.serving.PredictionServiceGrpc.PredictionServiceBlockingStub;
import dev.tidemill.protos.tensorflow.serving.RegressionRequest;
import dev.tidemill.protos.tensorflow.serving.SignatureDefMap;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TensorFlow Serving's services over a real channel.
final class GrpcTfServingIT {
    private static RunningServer server;
    private static GrpcClient client;
    private static PredictionServiceBlockingStub stub;
    private static ModelServiceBlockingStub models;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server =
                new RunningServer(
                        Artifact.classifier(folder, "levels", "middle"),
                        Artifact.plain(folder, "half-plus-two", "half-plus-two"),
                        Artifact.plain(folder, "strings", "identity-string"),
                        Artifact.plain(folder, "bytes", "identity-int8"),
                        Artifact.plain(folder, "halves", "identity-fp16"),
                        Artifact.plain(folder, "broken", "broken"));
        client = new GrpcClient(server);
        stub = PredictionServiceGrpc.newBlockingStub(client.channel());
        models = ModelServiceGrpc.newBlockingStub(client.channel());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @Nested
    final class Predicts {
        @Test
        void values_into_values_and_names_the_version() {
            PredictResponse answer = stub.predict(halves(floats(2, 3, 4), 3).build());

            assertThat(answer.getOutputsOrThrow("y").getFloatValList())
                    .containsExactly(3.0f, 3.5f, 4.0f);
            assertThat(answer.getOutputsOrThrow("y").getDtype()).isEqualTo(DataType.DT_FLOAT);
            assertThat(answer.getOutputsOrThrow("y").getTensorShape().getDim(0).getSize())
                    .isEqualTo(3);
            assertThat(answer.getModelSpec().getVersion().getValue()).isEqualTo(3);
            assertThat(answer.getModelSpec().getSignatureName()).isEqualTo("serving_default");
        }

        @Test
        void bytes_as_well() {
            TensorProto.Builder content =
                    TensorProto.newBuilder()
                            .setDtype(DataType.DT_FLOAT)
                            .setTensorContent(GrpcClient.floats(2, 3, 4));

            assertThat(
                            stub.predict(halves(content, 3).build())
                                    .getOutputsOrThrow("y")
                                    .getFloatValList())
                    .containsExactly(3.0f, 3.5f, 4.0f);
        }

        @Test
        void the_last_value_for_all_that_are_missing() {
            assertThat(
                            stub.predict(halves(floats(2, 4), 4).build())
                                    .getOutputsOrThrow("y")
                                    .getFloatValList())
                    .containsExactly(3.0f, 4.0f, 4.0f, 4.0f);
            assertThat(
                            stub.predict(halves(floats(), 2).build())
                                    .getOutputsOrThrow("y")
                                    .getFloatValList())
                    .containsExactly(2.0f, 2.0f);
        }

        @Test
        void other_types_in_their_fields() {
            PredictRequest strings =
                    request("strings")
                            .putInputs(
                                    "x",
                                    shaped(
                                                    TensorProto.newBuilder()
                                                            .setDtype(DataType.DT_STRING)
                                                            .addStringVal(
                                                                    ByteString.copyFromUtf8("a"))
                                                            .addStringVal(
                                                                    ByteString.copyFromUtf8("b")),
                                                    1,
                                                    2)
                                            .build())
                            .build();
            PredictRequest bytes =
                    request("bytes")
                            .putInputs(
                                    "x",
                                    shaped(
                                                    TensorProto.newBuilder()
                                                            .setDtype(DataType.DT_INT8)
                                                            .addIntVal(-128)
                                                            .addIntVal(127),
                                                    1,
                                                    2)
                                            .build())
                            .build();
            PredictRequest halves =
                    request("halves")
                            .putInputs(
                                    "x",
                                    shaped(
                                                    TensorProto.newBuilder()
                                                            .setDtype(DataType.DT_HALF)
                                                            .addHalfVal(0x3c00)
                                                            .addHalfVal(0xbc00),
                                                    1,
                                                    2)
                                            .build())
                            .build();

            assertThat(stub.predict(strings).getOutputsOrThrow("y").getStringValList())
                    .containsExactly(ByteString.copyFromUtf8("a"), ByteString.copyFromUtf8("b"));
            assertThat(stub.predict(bytes).getOutputsOrThrow("y").getIntValList())
                    .containsExactly(-128, 127);
            assertThat(stub.predict(halves).getOutputsOrThrow("y").getHalfValList())
                    .containsExactly(0x3c00, 0xbc00);
        }

        @Test
        void a_version_and_only_the_outputs_asked_for() {
            PredictRequest.Builder request =
                    request("levels")
                            .setModelSpec(
                                    ModelSpec.newBuilder()
                                            .setName("levels")
                                            .setVersion(Int64Value.of(3)))
                            .putInputs("x", shaped(floats(0, 9, 0, 0), 1, 4).build())
                            .addOutputFilter("label");

            assertThat(stub.predict(request.build()).getOutputsMap()).containsOnlyKeys("label");
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "duplicate output tensor alias: label",
                    () -> stub.predict(request.addOutputFilter("label").build()));
        }

        @Test
        void nothing_that_does_not_fit() {
            refused(
                    Status.Code.NOT_FOUND,
                    "Servable not found for request: Latest(nobody)",
                    () -> stub.predict(request("nobody").build()));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "Missing model name",
                    () -> stub.predict(request("").build()));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "at most 1",
                    () -> stub.predict(halves(floats(1, 2), 1).build()));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "dtype: 'DT_COMPLEX64'",
                    () ->
                            stub.predict(
                                    halves(
                                                    TensorProto.newBuilder()
                                                            .setDtype(DataType.DT_COMPLEX64),
                                                    1)
                                            .build()));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "signature",
                    () ->
                            stub.predict(
                                    halves(floats(1), 1)
                                            .setModelSpec(
                                                    ModelSpec.newBuilder()
                                                            .setName("half-plus-two")
                                                            .setSignatureName("other"))
                                            .build()));
        }

        /// A few bytes must not make the server reserve gigabytes.
        @Test
        void no_tensor_that_is_larger_than_its_share() {
            refused(
                    Status.Code.OUT_OF_RANGE,
                    "",
                    () -> stub.predict(halves(floats(1), 500_000_000).build()));
        }

        private static PredictRequest.Builder halves(TensorProto.Builder tensor, long size) {
            return request("half-plus-two").putInputs("x", shaped(tensor, size).build());
        }
    }

    @Nested
    final class Scores {
        @Test
        void classes_with_their_labels() {
            ClassificationResponse answer =
                    stub.classify(
                            ClassificationRequest.newBuilder()
                                    .setModelSpec(ModelSpec.newBuilder().setName("levels"))
                                    .setInput(examples(example("x", 0, 9, 0, 0)))
                                    .build());

            assertThat(answer.getResult().getClassifications(0).getClassesList())
                    .extracting(dev.tidemill.protos.tensorflow.serving.Class::getLabel)
                    .containsExactly("low", "middle", "high");
            assertThat(answer.getModelSpec().getVersion().getValue()).isEqualTo(3);
        }

        @Test
        void a_number_for_each_example_from_a_context_too() {
            RegressionRequest request =
                    RegressionRequest.newBuilder()
                            .setModelSpec(ModelSpec.newBuilder().setName("half-plus-two"))
                            .setInput(
                                    Input.newBuilder()
                                            .setExampleListWithContext(
                                                    ExampleListWithContext.newBuilder()
                                                            .addExamples(example("x", 2))
                                                            .addExamples(
                                                                    Example.getDefaultInstance())
                                                            .setContext(example("x", 4))))
                            .build();

            assertThat(stub.regress(request).getResult().getRegressionsList())
                    .extracting(dev.tidemill.protos.tensorflow.serving.Regression::getValue)
                    .containsExactly(3.0f, 4.0f);
        }

        @Test
        void several_tasks_at_once() {
            MultiInferenceResponse answer =
                    stub.multiInference(
                            MultiInferenceRequest.newBuilder()
                                    .addTasks(
                                            InferenceTask.newBuilder()
                                                    .setModelSpec(
                                                            ModelSpec.newBuilder()
                                                                    .setName("half-plus-two"))
                                                    .setMethodName("tensorflow/serving/regress"))
                                    .setInput(examples(example("x", 2)))
                                    .build());

            assertThat(answer.getResults(0).getRegressionResult().getRegressions(0).getValue())
                    .isEqualTo(3.0f);
        }

        @Test
        void each_signature_once_and_of_one_version() {
            ModelSpec.Builder spec = ModelSpec.newBuilder().setName("half-plus-two");
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "Duplicate evaluation of signature: ",
                    () -> stub.multiInference(tasks(spec, spec)));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "must access the same version",
                    () ->
                            stub.multiInference(
                                    tasks(
                                            spec,
                                            spec.clone()
                                                    .setSignatureName("other")
                                                    .setVersion(Int64Value.of(3)))));
        }

        private static MultiInferenceRequest tasks(ModelSpec.Builder... specs) {
            MultiInferenceRequest.Builder request =
                    MultiInferenceRequest.newBuilder().setInput(examples(example("x", 2)));
            for (ModelSpec.Builder spec : specs) {
                request.addTasks(
                        InferenceTask.newBuilder()
                                .setModelSpec(spec)
                                .setMethodName("tensorflow/serving/regress"));
            }
            return request.build();
        }

        @Test
        void nothing_for_a_model_or_input_that_has_none() {
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "Input is empty.",
                    () ->
                            stub.regress(
                                    RegressionRequest.newBuilder()
                                            .setModelSpec(
                                                    ModelSpec.newBuilder().setName("half-plus-two"))
                                            .build()));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "regression",
                    () ->
                            stub.regress(
                                    RegressionRequest.newBuilder()
                                            .setModelSpec(ModelSpec.newBuilder().setName("strings"))
                                            .setInput(examples(example("x", 2)))
                                            .setModelSpec(ModelSpec.newBuilder().setName("levels"))
                                            .build()));
        }
    }

    @Nested
    final class Describes {
        @Test
        void signatures() throws InvalidProtocolBufferException {
            SignatureDef signature =
                    stub.getModelMetadata(
                                    GetModelMetadataRequest.newBuilder()
                                            .setModelSpec(ModelSpec.newBuilder().setName("levels"))
                                            .addMetadataField("signature_def")
                                            .build())
                            .getMetadataOrThrow("signature_def")
                            .unpack(SignatureDefMap.class)
                            .getSignatureDefOrThrow("serving_default");

            assertThat(signature.getMethodName()).isEqualTo("tensorflow/serving/predict");
            assertThat(signature.getInputsOrThrow("x").getDtype()).isEqualTo(DataType.DT_FLOAT);
            assertThat(signature.getOutputsOrThrow("label").getDtype())
                    .isEqualTo(DataType.DT_STRING);
        }

        @Test
        void signatures_and_nothing_else() {
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "Metadata field other is not supported",
                    () ->
                            stub.getModelMetadata(
                                    GetModelMetadataRequest.newBuilder()
                                            .addMetadataField("other")
                                            .build()));
        }

        @Test
        void where_versions_stand() {
            ModelVersionStatus levels = status("levels");
            ModelVersionStatus broken = status("broken");

            assertThat(levels.getVersion()).isEqualTo(3);
            assertThat(levels.getState()).isEqualTo(ModelVersionStatus.State.AVAILABLE);
            assertThat(levels.getStatus().getErrorCode()).isEqualTo(Code.OK);
            assertThat(broken.getState()).isEqualTo(ModelVersionStatus.State.END);
            assertThat(broken.getStatus().getErrorMessage()).isNotEmpty();
            refused(Status.Code.NOT_FOUND, "nobody", () -> status("nobody"));
        }

        private static ModelVersionStatus status(String model) {
            return models.getModelStatus(
                            GetModelStatusRequest.newBuilder()
                                    .setModelSpec(ModelSpec.newBuilder().setName(model))
                                    .build())
                    .getModelVersionStatus(0);
        }
    }

    private static PredictRequest.Builder request(String model) {
        return PredictRequest.newBuilder().setModelSpec(ModelSpec.newBuilder().setName(model));
    }

    private static TensorProto.Builder floats(float... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(DataType.DT_FLOAT);
        for (float value : values) {
            tensor.addFloatVal(value);
        }
        return tensor;
    }

    private static TensorProto.Builder shaped(TensorProto.Builder tensor, long... sizes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        Arrays.stream(sizes)
                .forEach(size -> shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size)));
        return tensor.setTensorShape(shape);
    }

    private static Input examples(Example... examples) {
        return Input.newBuilder()
                .setExampleList(ExampleList.newBuilder().addAllExamples(Arrays.asList(examples)))
                .build();
    }

    private static Example example(String feature, float... values) {
        FloatList.Builder list = FloatList.newBuilder();
        for (float value : values) {
            list.addValue(value);
        }
        return Example.newBuilder()
                .setFeatures(
                        Features.newBuilder()
                                .putFeature(
                                        feature, Feature.newBuilder().setFloatList(list).build()))
                .build();
    }
}
